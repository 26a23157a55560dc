using System.Globalization;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Says releases and rollouts in plain words of the request's language. Thread-safe.</summary>
internal sealed class RolloutWords(Text text, CommandWords commands, CountyClock clock)
{
    private static readonly HashSet<string> Own =
        [MemberReasons.Already, MemberReasons.NotSeen, MemberReasons.Unwell, MemberReasons.FellBack, MemberReasons.Disabled, MemberReasons.Superseded];

    public string Stage(RolloutShare share) =>
        share.Count is not null ? text["Rollout.Stage.Pilot"] : share.Percent == 100 ? text["Rollout.Stage.All"] : text["Rollout.Stage.Share", share.Percent];

    /// <summary>What the rollout does now, in one sentence.</summary>
    public string Now(RolloutView view)
    {
        Rollout rollout = view.Rollout;
        return rollout.State switch
        {
            RolloutState.Paused => text["Rollout.Now.Paused"],
            RolloutState.Stopped => text.Word("Rollout.Stopped", rollout.StoppedFor!.Value),
            RolloutState.Done => view.Of(MemberPlace.Away) is > 0 and var away ? text["Rollout.Now.DoneAway", away]
                : view.Of(MemberPlace.Failed) is > 0 and var failed ? text["Rollout.Now.DoneFailed", failed] : text["Rollout.Now.Done"],
            RolloutState.Running => view.Of(MemberPlace.AtIt) is > 0 and var atIt ? text["Rollout.Now.AtIt", atIt]
                : !view.InHours ? text["Rollout.Now.Hours", Hour(rollout.AllowedFrom!.Value), Hour(rollout.AllowedUntil!.Value)]
                : view.Of(MemberPlace.Next) is > 0 and var next ? text["Rollout.Now.Next", next]
                : view.Of(MemberPlace.Lesson) is > 0 and var lesson ? text["Rollout.Now.Lesson", lesson]
                : view.Stages.FirstOrDefault(s => s.IsNow)?.WatchUntil is { } until ? text["Rollout.Now.Watch", commands.Moment(until)]
                : text["Rollout.Now.Away"],
        };
    }

    public static string Tone(RolloutState state) => state switch
    {
        RolloutState.Running => "is-info",
        RolloutState.Paused => "is-warn",
        RolloutState.Stopped => "is-bad",
        RolloutState.Done => "is-good",
    };

    public static string Icon(RolloutState state) => state switch
    {
        RolloutState.Running => "refresh",
        RolloutState.Paused => "clock-pause",
        RolloutState.Stopped => "alert-triangle",
        RolloutState.Done => "circle-check",
    };

    public static string Tone(MemberPlace place) => place switch
    {
        MemberPlace.Done => "is-good",
        MemberPlace.Failed => "is-bad",
        MemberPlace.AtIt or MemberPlace.Next => "is-info",
        MemberPlace.Lesson => "is-warn",
        MemberPlace.Away or MemberPlace.Later or MemberPlace.Skipped => "",
    };

    public string Reason(string? reason) => reason is not null && Own.Contains(reason) ? text["Rollout.Reason." + reason] : commands.Reason(reason);

    /// <summary>Which devices were chosen.</summary>
    public string Scope(Rollout rollout) => rollout.Scope == RolloutScope.County ? text["Rollout.Scope.County"]
        : rollout.ScopeNames.Split('\n') is { Length: > 3 } many ? text["Rollout.Among", string.Join(text["Command.Join"], many.Take(3)), many.Length]
        : string.Join(text["Command.Join"], rollout.ScopeNames.Split('\n'));

    public string Size(long bytes) => text["Updates.Megabytes", (bytes / 1048576.0).ToString("0.0", CultureInfo.CurrentCulture)];

    public string Watch(TimeSpan watch) => watch == TimeSpan.Zero ? text["Rollout.Watch.None"]
        : watch < TimeSpan.FromHours(1) ? text["Rollout.Watch.Minutes", (int)watch.TotalMinutes] : text["Rollout.Watch.Hours", (int)watch.TotalHours];

    public string Moment(DateTimeOffset at) => commands.Moment(at);

    /// <summary>A day with its year, unless it was within the last months.</summary>
    public string Day(DateTimeOffset at) => clock.LongDay(clock.DayOf(at));

    public static string Hour(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
