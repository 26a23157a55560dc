using System.Globalization;
using System.Text.Json;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Says a reason in words a teacher understands. Also the resource set of these words: key <c>Reason.</c> and the code.</summary>
internal sealed class ReasonText(Text text, CountyClock clock)
{
    /// <summary>Reasons whose instants are on another day than the lesson.</summary>
    private static readonly HashSet<string> Dated = ["awaiting", "decided"];

    /// <summary>Reasons in whose older rows lengths are minutes as a decimal, "38.5".</summary>
    private static readonly HashSet<string> OnceInMinutes =
        ["valid", "partial", "invalid", "missed", "hostGap", "hostAlone", "receiverValid", "receiverShort", "observersDiffer"];

    /// <summary>Reasons with what a person wrote, which is shown as it is.</summary>
    private static readonly HashSet<string> Written = ["cancelled", "cancelledLate", "decided", "elsewhere"];

    public string Say(Reason reason) => text[$"Reason.{reason.Code}", [.. reason.Arguments.Select(a => Local(reason.Code, a))]];

    /// <param name="json">As stored with a ledger entry.</param>
    public IEnumerable<string> SayAll(string json) => JsonSerializer.Deserialize<Reason[]>(json, LessonJudge.Json)!.Select(Say);

    // Instants are stored as round-trip UTC; people read the county's clock.
    private string Local(string code, string argument)
    {
        if (argument.Length >= 20 && DateTimeOffset.TryParseExact(argument, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant))
        {
            return Dated.Contains(code) ? $"{clock.Day(clock.DayOf(instant))} {clock.Time(instant)}" : clock.Time(instant, seconds: true);
        }

        if (!Written.Contains(code) && Reason.TryReadDuration(argument, out TimeSpan length))
        {
            return clock.Length(length);
        }

        return OnceInMinutes.Contains(code) && decimal.TryParse(argument, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal minutes)
            ? clock.Length(TimeSpan.FromMinutes((double)minutes))
            : argument;
    }
}
