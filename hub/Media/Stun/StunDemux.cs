using System.Text;

namespace ThreeClassrooms.Media.Stun;

/// <summary>Finds the peer that a datagram from an unknown address belongs to. Stateless; any thread.</summary>
public static class StunDemux
{
    /// <summary>
    /// The part of USERNAME before the colon of a binding request: the receiver's ufrag (RFC 8445 §7.2.2). Nothing is authenticated here:
    /// the peer with that ufrag does it. Never throws, never allocates.
    /// </summary>
    /// <param name="wire">One whole datagram.</param>
    /// <param name="local">Takes the ufrag; 256 characters hold any legal one.</param>
    /// <param name="length">Characters written; 0 when the result is false.</param>
    public static bool TryReadUfrag(ReadOnlySpan<byte> wire, Span<char> local, out int length)
    {
        length = 0;
        if (StunMessage.TryRead(wire, out var message) != StunError.None
            || message.Class != StunClass.Request
            || message.Fields.Method != StunMessage.Binding)
        {
            return false;
        }

        var colon = message.Username.IndexOf((byte)':');
        if (colon <= 0 || colon > local.Length || !Ascii.IsValid(message.Username[..colon]))
        {
            return false;
        }

        return Ascii.ToUtf16(message.Username[..colon], local, out length) == System.Buffers.OperationStatus.Done;
    }
}
