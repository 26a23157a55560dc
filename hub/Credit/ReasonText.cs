using System.Globalization;
using System.Text.Json;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Says a reason in words a teacher understands. Also the resource set of these words: key <c>Reason.</c> and the code.</summary>
internal sealed class ReasonText(Text text, CountyClock clock)
{
    public string Say(Reason reason) => text[$"Reason.{reason.Code}", [.. reason.Arguments.Select(Local)]];

    /// <param name="json">As stored with a ledger entry.</param>
    public IEnumerable<string> SayAll(string json) => JsonSerializer.Deserialize<Reason[]>(json, LessonJudge.Json)!.Select(Say);

    // Instants are stored as round-trip UTC; people read the county's clock.
    private object Local(string argument) =>
        argument.Length >= 20 && DateTimeOffset.TryParseExact(argument, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
            ? clock.Time(instant, seconds: true)
            : argument;
}
