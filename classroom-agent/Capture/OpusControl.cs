namespace ThreeClassrooms.Agent.Capture;

/// <summary>The control header before each Opus packet in a transport stream (ETSI TS 103 491 B.3): prefix 0x3FF in 11 bits, flags, size in 255-steps.</summary>
internal static class OpusControl
{
    /// <returns>False when no whole packet is there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> wire, out int header, out int size)
    {
        (header, size) = (2, 0);
        if (wire.Length < 3 || wire[0] != 0x7F || (wire[1] & 0xE0) != 0xE0)
        {
            return false;
        }

        byte flags = wire[1];
        byte step;
        do
        {
            if (header >= wire.Length)
            {
                return false;
            }

            step = wire[header++];
            size += step;
        }
        while (step == 255);

        header += ((flags & 0x10) != 0 ? 2 : 0) + ((flags & 0x08) != 0 ? 2 : 0);
        if ((flags & 0x04) != 0)
        {
            header += header < wire.Length ? 1 + wire[header] : 1;
        }

        return size > 0 && header + size <= wire.Length;
    }
}
