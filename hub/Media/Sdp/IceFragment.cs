using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The body of a PATCH (application/trickle-ice-sdpfrag, RFC 8840 §9): new candidates, or new credentials for an ICE restart.</summary>
/// <param name="Ufrag">Null when the fragment names none.</param>
/// <param name="Pwd">Null when the fragment names none.</param>
public sealed record IceFragment(string? Ufrag, string? Pwd, IReadOnlyList<IceCandidate> Candidates, bool EndOfCandidates)
{
    /// <summary>Characters of a fragment that is still read.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Never throws. False for a text too long, with a malformed line, or with credentials outside RFC 8839 §5.4.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IceFragment? fragment)
    {
        fragment = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        string? ufrag = null, pwd = null;
        bool end = false;
        var candidates = new List<IceCandidate>();
        foreach (string raw in text.TrimStart('\uFEFF').Split('\r', '\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0)
            {
                continue;
            }

            if (line.Length < 2 || line[1] != '=')
            {
                return false;
            }

            var parsed = new SdpLine(line[0], line[2..]);
            ufrag ??= parsed.Attribute("ice-ufrag");
            pwd ??= parsed.Attribute("ice-pwd");
            end |= parsed.Attribute("end-of-candidates") is not null;
            if (parsed.Attribute("candidate") is { } value && IceCandidate.TryParse(value, out IceCandidate candidate))
            {
                candidates.Add(candidate);
            }
        }

        if ((ufrag is not null && !RemoteTransport.IsUfrag(ufrag)) || (pwd is not null && !RemoteTransport.IsPwd(pwd)))
        {
            return false;
        }

        fragment = new IceFragment(ufrag, pwd, candidates, end);
        return true;
    }

    public string Write()
    {
        var text = new StringBuilder();
        if (Ufrag is not null && Pwd is not null)
        {
            text.Append("a=ice-ufrag:").Append(Ufrag).Append("\r\na=ice-pwd:").Append(Pwd).Append("\r\n");
        }

        foreach (IceCandidate candidate in Candidates)
        {
            text.Append("a=candidate:").Append(candidate.Write()).Append("\r\n");
        }

        return text.Append(EndOfCandidates ? "a=end-of-candidates\r\n" : "").ToString();
    }
}
