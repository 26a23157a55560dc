using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ThreeClassrooms.Hub.Devices.Rooms;

/// <summary>
/// Tickets that a device shows as a code on its screen, and the sessions that telephones got for them. Random, in memory, of one device each: a hub that was
/// started anew knows none, and the telephone scans again. Thread-safe.
/// </summary>
internal sealed class RoomDoors(TimeProvider clock)
{
    /// <summary>The code on the screen changes every five minutes; one that was just scanned still opens.</summary>
    public static readonly TimeSpan TicketLives = TimeSpan.FromMinutes(10);

    /// <summary>Two lessons; whoever is still there scans again.</summary>
    public static readonly TimeSpan SessionLives = TimeSpan.FromMinutes(90);

    /// <summary>Of one device; the oldest gives way.</summary>
    public const int MostTickets = 4, MostSessions = 6;

    private readonly ConcurrentDictionary<string, Entry> _tickets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _sessions = new(StringComparer.Ordinal);

    /// <returns>The ticket and its end, UTC, exclusive.</returns>
    public (string Ticket, DateTimeOffset ExpiresAt) Show(string deviceId) => Add(_tickets, deviceId, TicketLives, MostTickets);

    /// <returns>A session and its end; null: the ticket is not, or no longer, good.</returns>
    public (string Session, DateTimeOffset ExpiresAt)? Open(string? ticket) =>
        DeviceOf(_tickets, ticket) is { } deviceId ? Add(_sessions, deviceId, SessionLives, MostSessions) : null;

    /// <returns>The device that the session is for; null: it is not, or no longer, good.</returns>
    public string? DeviceOf(string? session) => DeviceOf(_sessions, session);

    private string? DeviceOf(ConcurrentDictionary<string, Entry> entries, string? key) =>
        key is { Length: > 0 and < 100 } && entries.TryGetValue(key, out Entry? entry) && clock.GetUtcNow() < entry.ExpiresAt ? entry.DeviceId : null;

    private (string Key, DateTimeOffset ExpiresAt) Add(ConcurrentDictionary<string, Entry> entries, string deviceId, TimeSpan lives, int most)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach ((string old, Entry entry) in entries)
        {
            if (entry.ExpiresAt <= now)
            {
                entries.TryRemove(old, out _);
            }
        }

        foreach ((string old, _) in entries.Where(e => e.Value.DeviceId == deviceId).OrderByDescending(e => e.Value.ExpiresAt).Skip(most - 1))
        {
            entries.TryRemove(old, out _);
        }

        string key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        entries[key] = new Entry(deviceId, now + lives);
        return (key, now + lives);
    }

    private sealed record Entry(string DeviceId, DateTimeOffset ExpiresAt);
}
