using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// Issues and checks media tickets: <c>base64url(claims).base64url(HMAC-SHA256 of the claims)</c> under a key that only this
/// hub knows. Thread-safe. Tickets of an earlier run stay valid because the key is kept in the data folder.
/// </summary>
internal sealed class MediaTickets
{
    /// <summary>A ticket is for the next connection, not for the lesson: a client asks for a fresh one when it rejoins.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private const byte Version = 2;
    private const int FixedSize = 1 + 8 + 16 + 2 + 8;
    private const int MaxTokenLength = 1024;

    private readonly byte[] _key;

    /// <param name="key">32 secret bytes; kept.</param>
    public MediaTickets(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32);
        _key = key;
    }

    public MediaTicket Issue(
        Guid lessonId, string seatId, string streamId, MediaDirection direction, StreamSource source, DateTimeOffset now, string owner = "")
    {
        DateTimeOffset expires = now + Lifetime;
        byte[] claims = Encode(new TicketClaims(lessonId, seatId, streamId, direction, source, expires, owner));
        string token = $"{Base64Url.EncodeToString(claims)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, claims))}";
        string verb = direction == MediaDirection.Publish ? "whip" : "whep";
        return new MediaTicket(streamId, direction, $"/{verb}/{lessonId}/{Uri.EscapeDataString(streamId)}", token, expires);
    }

    public Result<TicketClaims, TicketRefusal> Verify(string token, DateTimeOffset now)
    {
        int dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || token.Length > MaxTokenLength ||
            !TryDecode(token.AsSpan(0, dot), out byte[] claims) || !TryDecode(token.AsSpan(dot + 1), out byte[] signature))
        {
            return TicketRefusal.Malformed;
        }
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, claims), signature))
        {
            return TicketRefusal.BadSignature;
        }
        if (Read(claims) is not { } read)
        {
            return TicketRefusal.Malformed;
        }
        return now < read.ExpiresAt ? read : TicketRefusal.Expired;
    }

    private static byte[] Encode(TicketClaims claims)
    {
        byte[] seat = Encoding.UTF8.GetBytes(claims.SeatId);
        byte[] stream = Encoding.UTF8.GetBytes(claims.StreamId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seat.Length, 200, nameof(claims));
        byte[] owner = Encoding.UTF8.GetBytes(claims.Owner);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream.Length, 200, nameof(claims));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(owner.Length, 200, nameof(claims));
        var bytes = new byte[FixedSize + 2 + seat.Length + stream.Length + owner.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), claims.ExpiresAt.ToUnixTimeMilliseconds());
        claims.LessonId.TryWriteBytes(bytes.AsSpan(9));
        bytes[25] = (byte)claims.Direction;
        bytes[26] = (byte)claims.Source;
        RandomNumberGenerator.Fill(bytes.AsSpan(27, 8));
        bytes[FixedSize] = (byte)seat.Length;
        seat.CopyTo(bytes, FixedSize + 1);
        bytes[FixedSize + 1 + seat.Length] = (byte)stream.Length;
        stream.CopyTo(bytes, FixedSize + 2 + seat.Length);
        owner.CopyTo(bytes, FixedSize + 2 + seat.Length + stream.Length);
        return bytes;
    }

    /// <remarks>Only called on signed bytes; a strange shape can only be a ticket of another version.</remarks>
    private static TicketClaims? Read(byte[] bytes)
    {
        if (bytes.Length <= FixedSize || bytes[0] != Version || bytes.Length < FixedSize + 2 + bytes[FixedSize])
        {
            return null;
        }
        int seatEnd = FixedSize + 1 + bytes[FixedSize], streamEnd = seatEnd + 1 + bytes[seatEnd];
        if (bytes.Length < streamEnd)
        {
            return null;
        }
        return new TicketClaims(
            new Guid(bytes.AsSpan(9, 16)),
            Encoding.UTF8.GetString(bytes, FixedSize + 1, bytes[FixedSize]),
            Encoding.UTF8.GetString(bytes, seatEnd + 1, streamEnd - seatEnd - 1),
            (MediaDirection)bytes[25],
            (StreamSource)bytes[26],
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1))),
            Encoding.UTF8.GetString(bytes, streamEnd, bytes.Length - streamEnd));
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
        {
            return false;
        }
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
