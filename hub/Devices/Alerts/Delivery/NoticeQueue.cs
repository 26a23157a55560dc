using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <inheritdoc cref="INoticeQueue"/>
/// <remarks>
/// A channel is told what it takes (<see cref="Channel.Takes"/>), also when it is named. Channels that are unknown, switched off or removed get nothing. Nothing
/// is remembered: after a roll-back of the caller's transaction there is no message.
/// </remarks>
internal sealed class NoticeQueue(ChannelRegister register) : INoticeQueue
{
    private const int MostAlerts = 60;
    private const int LongestTitle = 400;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public int Add(HubDbContext database, AlertNotice notice, IReadOnlyList<Guid> channels)
    {
        IReadOnlyDictionary<Guid, Channel> known = register.Channels;
        IEnumerable<Channel> chosen = channels.Count == 0
            ? known.Values
            : channels.Distinct().Select(known.GetValueOrDefault).OfType<Channel>();
        List<AlertMessage> rows = [.. chosen.Select(c => c.Takes(notice) is { } taken ? RowOf(c.Id, taken) : null).OfType<AlertMessage>()];
        database.AddRange(rows);
        return rows.Count;
    }

    /// <returns>Null when the text is not a notice that this version wrote.</returns>
    public static AlertNotice? Read(string stored)
    {
        try
        {
            return JsonSerializer.Deserialize<AlertNotice>(stored, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static AlertMessage RowOf(Guid channelId, AlertNotice notice)
    {
        AlertNotice kept = notice.Alerts.Count <= MostAlerts
            ? notice
            : notice with { Alerts = [.. notice.Alerts.Take(MostAlerts)], Truncated = notice.Truncated + notice.Alerts.Count - MostAlerts };
        return new AlertMessage
        {
            ChannelId = channelId,
            GroupKey = Cut(notice.GroupKey),
            Kind = notice.Kind,
            Severity = notice.Severity,
            Title = Cut(notice.Title),
            Notice = JsonSerializer.Serialize(kept, Json),
            State = MessageState.Queued,
            AddedAt = notice.At,
        };
    }

    private static string Cut(string text) => text.Length <= LongestTitle ? text : text[..LongestTitle];
}
