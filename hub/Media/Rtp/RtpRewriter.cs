using System.Text;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>The fields a forwarded packet gets in place of the publisher's.</summary>
public readonly record struct RtpRewrite(byte PayloadType, bool Marker, SeqNo Sequence, RtpTime Timestamp, Ssrc Ssrc);

/// <summary>Where the late-bound values of a rewritten header are, as offsets into the packet; 0: not there.</summary>
/// <param name="TransportSequence">2 bytes, big-endian: the transport-wide sequence number.</param>
/// <param name="AbsSendTime">3 bytes, see <see cref="Rtp.AbsSendTime.Write"/>.</param>
public readonly record struct RtpLateFields(int TransportSequence, int AbsSendTime);

/// <summary>
/// Writes the header of a forwarded packet with a subscriber's numbers and extension identifiers. Immutable: may be shared by all packets of a track.
/// Contributing sources are dropped; extensions that the two sides did not both agree are dropped; padding is the caller's (the P bit is clear).
/// </summary>
public sealed class RtpRewriter
{
    /// <summary>Upper bound of a written header: fixed part, extension head, and all elements.</summary>
    public const int MaxHeaderLength = 64;

    private readonly RtpExtensionIds _from;
    private readonly RtpExtensionIds _to;
    private readonly byte[] _mid;
    private readonly bool _twoByte;

    /// <param name="from">The publisher's identifiers.</param>
    /// <param name="to">The subscriber's identifiers.</param>
    /// <param name="mid">The subscriber's m-line, ASCII; null or longer than 16 characters: not written.</param>
    public RtpRewriter(RtpExtensionIds from, RtpExtensionIds to, string? mid)
    {
        (_from, _to) = (from, to);
        _mid = mid is { Length: > 0 and <= 16 } && to.Mid != 0 ? Encoding.ASCII.GetBytes(mid) : [];
        _twoByte = to.NeedsTwoByteForm;
    }

    /// <summary>Writes a header for the packet in <paramref name="wire"/>. No allocation.</summary>
    /// <param name="header">Read from <paramref name="wire"/>.</param>
    /// <param name="output"><see cref="MaxHeaderLength"/> bytes or more.</param>
    /// <param name="late">Zeros in the output that are filled at send time.</param>
    /// <returns>Bytes written.</returns>
    public int Write(ReadOnlySpan<byte> wire, in RtpHeader header, in RtpRewrite rewrite, Span<byte> output, out RtpLateFields late)
    {
        RtpHeader.Write(output, rewrite.PayloadType, rewrite.Marker, rewrite.Sequence, rewrite.Timestamp, rewrite.Ssrc);
        var writer = new RtpExtensionWriter(output[RtpHeader.FixedLength..], _twoByte);
        int transport = 0, sent = 0;
        if (_mid.Length > 0)
        {
            writer.Add(_to.Mid, _mid);
        }

        if (_to.TransportCc != 0 && writer.Reserve(_to.TransportCc, 2, out int offset))
        {
            transport = RtpHeader.FixedLength + offset;
        }

        if (_to.AbsSendTime != 0 && writer.Reserve(_to.AbsSendTime, AbsSendTime.Length, out offset))
        {
            sent = RtpHeader.FixedLength + offset;
        }

        if (_to.AudioLevel != 0 && _from.AudioLevel != 0 && new RtpExtensions(wire, header).TryFind(_from.AudioLevel, out ReadOnlySpan<byte> level))
        {
            writer.Add(_to.AudioLevel, level[..Math.Min(1, level.Length)]);
        }

        int extension = writer.Finish();
        RtpPatch.HasExtension(output, extension > 0);
        late = new RtpLateFields(transport, sent);
        return RtpHeader.FixedLength + extension;
    }
}
