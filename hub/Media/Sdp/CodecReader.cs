using System.Globalization;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>Finds the codecs this library knows in an m-line's rtpmap, fmtp and rtcp-fb lines.</summary>
internal sealed class CodecReader
{
    internal static readonly (RtcpFeedback Flag, string Name)[] FeedbackNames =
    [
        (RtcpFeedback.Remb, "goog-remb"), (RtcpFeedback.TransportCc, "transport-cc"), (RtcpFeedback.Fir, "ccm fir"),
        (RtcpFeedback.Nack, "nack"), (RtcpFeedback.Pli, "nack pli"),
    ];

    private readonly string?[] _maps = new string?[128];
    private readonly string[] _parameters = new string[128];
    private readonly RtcpFeedback[] _feedback = new RtcpFeedback[128];
    private RtcpFeedback _feedbackOfAll;

    /// <summary>The known codecs of a section in its order of preference, each with its rtx and red.</summary>
    public static IReadOnlyList<CodecDescription> Read(MediaDescription media)
    {
        var reader = new CodecReader();
        reader.Collect(media);
        var order = new List<byte>();
        foreach (string format in media.Formats)
        {
            if (TryPayloadType(format, out byte type) && !order.Contains(type))
            {
                order.Add(type);
            }
        }

        return [.. order.Select(type => reader.Describe(type, order)).OfType<CodecDescription>()];
    }

    private void Collect(MediaDescription media)
    {
        Array.Fill(_parameters, "");
        foreach (SdpLine line in media.Lines)
        {
            if (line.Attribute("rtpmap") is { } map && Split(map, out byte type, out string rest))
            {
                _maps[type] ??= rest;
            }
            else if (line.Attribute("fmtp") is { } parameters && Split(parameters, out type, out rest))
            {
                _parameters[type] = rest;
            }
            else if (line.Attribute("rtcp-fb") is { } feedback)
            {
                CollectFeedback(feedback);
            }
        }
    }

    private void CollectFeedback(string value)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return;
        }

        RtcpFeedback flag = FeedbackNames.FirstOrDefault(f => f.Name.Equals(value[(space + 1)..].Trim(), StringComparison.OrdinalIgnoreCase)).Flag;
        if (value.StartsWith('*'))
        {
            _feedbackOfAll |= flag;
        }
        else if (TryPayloadType(value[..space], out byte type))
        {
            _feedback[type] |= flag;
        }
    }

    private CodecDescription? Describe(byte type, List<byte> order)
    {
        var parameters = new FormatParameters(_parameters[type]);
        RtcpFeedback feedback = _feedback[type] | _feedbackOfAll;
        byte? rtx = order.Cast<byte?>().FirstOrDefault(t => IsMap(t!.Value, "rtx/90000") && new FormatParameters(_parameters[t.Value]).Find("apt") == Text(type));
        if (IsMap(type, "opus/48000"))
        {
            return new CodecDescription(CodecKind.Opus, type)
            {
                RedPayloadType = order.Cast<byte?>().FirstOrDefault(t => IsMap(t!.Value, "red/48000") && IsRedOf(_parameters[t.Value], type)),
                Feedback = feedback,
                Stereo = parameters.IsOne("stereo") || parameters.IsOne("sprop-stereo"),
                InbandFec = parameters.IsOne("useinbandfec"),
            };
        }

        if (IsMap(type, "VP8/90000"))
        {
            return new CodecDescription(CodecKind.Vp8, type) { RtxPayloadType = rtx, Feedback = feedback };
        }

        if (!IsMap(type, "H264/90000"))
        {
            return null;
        }

        return new CodecDescription(CodecKind.H264, type)
        {
            RtxPayloadType = rtx,
            Feedback = feedback,
            Profile = H264Profile.TryParse(parameters.Find("profile-level-id"), out H264Profile profile) ? profile : H264Profile.Default,
            PacketizationMode = parameters.IsOne("packetization-mode") ? 1 : 0,
        };
    }

    private bool IsMap(byte type, string name) =>
        _maps[type] is { } map && map.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (map.Length == name.Length || map[name.Length] == '/');

    private static bool IsRedOf(string parameters, byte type) =>
        parameters.Length == 0 || parameters.Split('/').All(p => p.Trim() == Text(type));

    private static bool Split(string value, out byte type, out string rest)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        rest = space < 0 ? "" : value[(space + 1)..].Trim();
        type = 0;
        return space > 0 && TryPayloadType(value[..space], out type);
    }

    private static bool TryPayloadType(string text, out byte type) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out type) && type < 128;

    private static string Text(byte type) => type.ToString(CultureInfo.InvariantCulture);
}
