namespace ThreeClassrooms.Media.Rtcp;

/// <summary>RTCP packet types (RFC 3550 §12.1, RFC 4585 §6.1).</summary>
public enum RtcpType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
    App = 204,

    /// <summary>RTPFB: transport layer feedback; see <see cref="RtcpFormat"/>.</summary>
    TransportFeedback = 205,

    /// <summary>PSFB: payload-specific feedback; see <see cref="RtcpFormat"/>.</summary>
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>Feedback formats (FMT) under RTPFB and PSFB.</summary>
public static class RtcpFormat
{
    /// <summary>RTPFB: generic NACK (RFC 4585 §6.2.1).</summary>
    public const byte Nack = 1;

    /// <summary>RTPFB: transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).</summary>
    public const byte TransportCc = 15;

    /// <summary>PSFB: picture loss indication (RFC 4585 §6.3.1).</summary>
    public const byte Pli = 1;

    /// <summary>PSFB: full intra request (RFC 5104 §4.3.1).</summary>
    public const byte Fir = 4;

    /// <summary>PSFB: application layer feedback; REMB when its identifier says so (draft-alvestrand-rmcat-remb-03).</summary>
    public const byte App = 15;
}
