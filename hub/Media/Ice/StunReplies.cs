using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;

namespace ThreeClassrooms.Media.Ice;

/// <summary>Writes the answers to authenticated binding requests (RFC 8445 §7.3). Never longer than about the request.</summary>
internal static class StunReplies
{
    public static void Success(DatagramQueue queue, StunTransaction transaction, TransportAddress to, byte[] key)
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunClass.Success, transaction);
        writer.AddMapped(to);
        Finish(queue, ref writer, buffer, to, key);
    }

    /// <param name="code">400, 420 or 487.</param>
    /// <param name="unknown">The attribute that was not understood, with 420; else 0.</param>
    public static void Error(DatagramQueue queue, StunTransaction transaction, TransportAddress to, byte[] key, int code, ushort unknown = 0)
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunClass.Error, transaction);
        writer.AddError(code, code switch
        {
            420 => "Unknown Attribute"u8,
            487 => "Role Conflict"u8,
            _ => "Bad Request"u8,
        });
        if (unknown != 0)
        {
            writer.AddUnknownAttribute(unknown);
        }

        Finish(queue, ref writer, buffer, to, key);
    }

    private static void Finish(DatagramQueue queue, ref StunWriter writer, Span<byte> buffer, TransportAddress to, byte[] key)
    {
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        queue.Add(buffer[..writer.Length], to);
    }
}
