namespace ThreeClassrooms.Media.Sdp;

/// <summary>How the other side authenticates, taken from the section that carries the bundle, else from the session level.</summary>
/// <param name="Fingerprint">"sha-256 AB:CD:…", or sha-384 or sha-512 where there is no sha-256, with upper-case digits.</param>
/// <param name="DtlsClient">True when this side must play the DTLS client.</param>
/// <param name="IceLite">The other side is ICE-lite: it never starts checks.</param>
public sealed record RemoteTransport(string Ufrag, string Pwd, string Fingerprint, bool DtlsClient, bool IceLite, IReadOnlyList<IceCandidate> Candidates)
{
    /// <summary>Candidates of one description that are kept.</summary>
    public const int MaxCandidates = 32;

    /// <param name="carrier">The section of the bundle that is answered first.</param>
    /// <param name="isAnswer">In an answer "actpass" is not allowed and a missing "setup" leaves the roles open.</param>
    internal static SdpRefusal TryRead(SessionDescription session, MediaDescription carrier, bool isAnswer, out RemoteTransport? transport)
    {
        transport = null;
        string? Find(string name) => carrier.Attribute(name) ?? session.Attribute(name);
        if (Find("ice-ufrag") is not { } ufrag || Find("ice-pwd") is not { } pwd)
        {
            return SdpRefusal.NoIceCredentials;
        }

        if (!IsUfrag(ufrag) || !IsPwd(pwd))
        {
            return SdpRefusal.BadIceCredentials;
        }

        SdpRefusal refusal = ReadFingerprint(session, carrier, out string fingerprint);
        if (refusal != SdpRefusal.None)
        {
            return refusal;
        }

        bool? client = (Find("setup"), isAnswer) switch
        {
            ("passive", _) => true,
            ("active", _) => false,
            ("actpass", false) or (null, false) => false,
            _ => null,
        };
        if (client is not { } dtlsClient)
        {
            return SdpRefusal.BadSetup;
        }

        if (session.IsIceLite && !isAnswer)
        {
            return SdpRefusal.IceLite;
        }

        transport = new RemoteTransport(ufrag, pwd, fingerprint, dtlsClient, session.IsIceLite, ReadCandidates(session));
        return SdpRefusal.None;
    }

    internal static bool IsUfrag(string text) => text.Length is >= 4 and <= 256 && IsIceText(text);

    internal static bool IsPwd(string text) => text.Length is >= 22 and <= 256 && IsIceText(text);

    // RFC 8839 allows letters, digits, '+' and '/'; some clients write base64url or padding, which does no harm.
    private static bool IsIceText(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' or '=');

    private static SdpRefusal ReadFingerprint(SessionDescription session, MediaDescription carrier, out string fingerprint)
    {
        fingerprint = "";
        string[] all = [.. carrier.Attributes("fingerprint")];
        all = all.Length > 0 ? all : [.. session.Attributes("fingerprint")];
        (string Name, int Bytes)[] hashes = [("sha-256", 32), ("sha-384", 48), ("sha-512", 64)];
        foreach ((string name, int bytes) in hashes)
        {
            foreach (string value in all)
            {
                string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase) && IsDigest(parts[1], bytes))
                {
                    fingerprint = name + " " + parts[1].ToUpperInvariant();
                    return SdpRefusal.None;
                }
            }
        }

        return all.Length == 0 ? SdpRefusal.NoFingerprint : SdpRefusal.BadFingerprint;
    }

    private static bool IsDigest(string text, int bytes)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i % 3 == 2 ? text[i] != ':' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return text.Length == (bytes * 3) - 1;
    }

    private static List<IceCandidate> ReadCandidates(SessionDescription session)
    {
        var found = new List<IceCandidate>();
        foreach (string text in session.Attributes("candidate").Concat(session.Media.SelectMany(m => m.Attributes("candidate"))))
        {
            if (found.Count < MaxCandidates && IceCandidate.TryParse(text, out IceCandidate candidate)
                && !found.Exists(f => f.Address == candidate.Address && f.Transport == candidate.Transport))
            {
                found.Add(candidate);
            }
        }

        return [.. found.OrderBy(f => f.IsTcp).ThenByDescending(f => f.Priority)];
    }
}
