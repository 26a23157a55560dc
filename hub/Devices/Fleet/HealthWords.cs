using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Says a device's health in plain words of the request's language. Thread-safe.</summary>
internal sealed class HealthWords(Text text, CountyClock clock)
{
    /// <summary>What is the matter, in one sentence.</summary>
    public string Why(HealthView view) => Value(view.Reason.Kind, view.Reason.Part, view.Reason.Value) is { Length: > 0 } value
        ? text["Health.With", What(view.Reason), value]
        : What(view.Reason);

    /// <summary>What to try; empty: nothing.</summary>
    public string Try(HealthReason reason) => reason.Kind is { } kind && reason.Key.StartsWith("Issue.", StringComparison.Ordinal) ? Try(kind)
        : reason.Key is "Health.Why.SwitchedOff" or "Health.Why.NeverReported" or "Health.Why.OnlyLessons" or "Health.Why.Onboarding" or "Health.Why.Blind"
            ? text[$"{reason.Key}.Try"] : "";

    public string Try(IssueKind kind) => text[$"Issue.{kind}.Try"];

    public string Name(IssueKind kind) => text[$"Issue.{kind}.Name"];

    public string Sentence(CurrentIssue issue) => Value(issue.Kind, issue.Part, issue.Value) is { Length: > 0 } value
        ? text["Health.With", text[$"Issue.{issue.Kind}.What"], value]
        : text[IsNothing(issue.Kind, issue.Value) ? "Issue.MicrophoneSilent.Nothing" : $"Issue.{issue.Kind}.What"];

    /// <summary>"10:32 起，已 5 分钟"; on another day with the day.</summary>
    public string Since(DateTimeOffset since) => clock.Now - since < TimeSpan.FromMinutes(1)
        ? text["Health.SinceNow", Moment(since)]
        : text["Health.Since", Moment(since), Duration(clock.Now - since)];

    /// <summary>The time; with the day unless it is today.</summary>
    public string Moment(DateTimeOffset at) =>
        clock.DayOf(at) == clock.Today ? clock.Time(at)
        : clock.DayOf(at).Year == clock.Today.Year ? text["Health.DayTime", clock.DayOf(at).ToString(text["Format.ShortDay"], CultureInfo.CurrentCulture), clock.Time(at)]
        : text["Health.DayTime", clock.LongDay(clock.DayOf(at)), clock.Time(at)];

    /// <summary>The two largest units: "2 天 4 小时", "12 分钟".</summary>
    public string Duration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => text["Health.JustNow"],
        { TotalHours: < 1 } => text["Health.Minutes", (int)span.TotalMinutes],
        { TotalDays: < 1 } => text["Health.Hours", (int)span.TotalHours, span.Minutes],
        _ => text["Health.Days", (int)span.TotalDays, span.Hours],
    };

    /// <summary>The lesson that takes place, else the next; empty: none is planned.</summary>
    public string Lesson(HealthView view) =>
        view.Lesson is { } now ? text["Health.InLesson", now.Subject, clock.Time(now.EndsAt)]
        : view.Next is { } next ? text["Health.NextLesson", Moment(next.StartsAt), next.Subject]
        : "";

    /// <summary>A reading with its unit; empty: none.</summary>
    public string Value(IssueKind? kind, string part, double? value)
    {
        if (kind is not { } named || value is not { } number || !double.IsFinite(number) || IsNothing(named, number))
        {
            return "";
        }

        string rounded = Math.Round(number).ToString(CultureInfo.CurrentCulture);
        return named switch
        {
            IssueKind.ProcessorHot => text["Unit.Celsius", rounded],
            IssueKind.MemoryFull => text["Unit.Used", rounded],
            IssueKind.DiskNearlyFull => text["Unit.Free", rounded],
            IssueKind.ClockOff => text["Unit.Seconds", (number / 1000).ToString("0.0", CultureInfo.CurrentCulture)],
            IssueKind.NetworkPoor => text[part == Conditions.Loss ? "Unit.Lost" : "Unit.Milliseconds", rounded],
            IssueKind.MicrophoneSilent => text["Unit.Decibel", rounded],
            IssueKind.EncoderSlow => text["Unit.Pictures", rounded],
            IssueKind.RebootLoop => text["Unit.Starts", rounded],
            IssueKind.PasswordOld => text["Unit.Days", rounded],
            IssueKind.OutboxBacklog or IssueKind.PictureFrozen => Duration(TimeSpan.FromSeconds(Math.Clamp(number, 0, 1e9))),
            _ => "",
        };
    }

    public static string Icon(FleetGroup group) => group switch
    {
        FleetGroup.Critical => "alert-triangle",
        FleetGroup.Degraded => "tool",
        FleetGroup.Unmonitored => "eye-off",
        FleetGroup.Healthy => "circle-check",
        FleetGroup.Maintenance => "settings",
        FleetGroup.Onboarding => "plug-connected",
        FleetGroup.Disabled => "ban",
        FleetGroup.NoDevice => "circle-dashed",
    };

    public static string Icon(PartKind kind) => kind switch
    {
        PartKind.Camera => "camera",
        PartKind.Microphone => "microphone",
        PartKind.Loudspeaker => "volume",
        PartKind.Display => "device-tv",
        PartKind.CaptureCard => "device-usb",
        PartKind.Disk => "database",
        PartKind.Processor => "cpu",
        PartKind.Memory => "server",
        PartKind.Clock => "clock",
        PartKind.Network => "network",
        PartKind.Power => "bolt",
    };

    /// <summary>The tag's colour.</summary>
    public static string Tone(FleetGroup group) => group switch
    {
        FleetGroup.Critical => "is-bad",
        FleetGroup.Degraded => "is-warn",
        FleetGroup.Healthy => "is-good",
        FleetGroup.Maintenance or FleetGroup.Onboarding => "is-info",
        FleetGroup.Unmonitored or FleetGroup.Disabled or FleetGroup.NoDevice => "",
    };

    public static string Tone(IssueSeverity severity) => severity switch
    {
        IssueSeverity.Critical => "is-bad",
        IssueSeverity.Warning => "is-warn",
        IssueSeverity.Information => "is-info",
    };

    public static string Tone(PartStatus status) => status switch
    {
        PartStatus.Ok => "is-good",
        PartStatus.Warning => "is-warn",
        PartStatus.Failed or PartStatus.Missing => "is-bad",
        PartStatus.Absent or PartStatus.Unknown => "",
    };

    /// <summary>Not even noise: see <see cref="MetricsReport"/>.</summary>
    private static bool IsNothing(IssueKind? kind, double? value) => kind == IssueKind.MicrophoneSilent && value <= -119;

    private string What(HealthReason reason) => IsNothing(reason.Kind, reason.Value) ? text["Issue.MicrophoneSilent.Nothing"] : reason.Text is { Length: > 0 } written ? text[reason.Key + ".Because", written] : text[reason.Key];
}
