namespace ThreeClassrooms.Media.Srtp;

/// <summary>The 48-bit packet index behind a 16-bit sequence number (RFC 3711 §3.3.1).</summary>
internal static class PacketIndex
{
    /// <summary>The index nearest to <paramref name="highest"/> that ends in <paramref name="sequence"/>.</summary>
    /// <param name="index">Set only when the result is true.</param>
    /// <returns>False when the nearest one would lie before rollover 0 or after 2^48 − 1.</returns>
    public static bool TryEstimate(ulong highest, ushort sequence, out ulong index)
    {
        var distance = unchecked((short)(sequence - (ushort)highest));
        index = unchecked(highest + (ulong)distance);
        // Below zero wraps to the top of the 64-bit range, so one test covers both ends.
        return index >> 48 == 0;
    }
}
