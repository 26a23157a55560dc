namespace ThreeClassrooms.Media.Sdp;

/// <summary>The sections of an offer that take part in a stream, found by the same rules for publishers and watchers.</summary>
internal sealed record OfferSections(
    SessionDescription Offer, MediaDescription? Audio, MediaDescription? Video, RemoteTransport Remote, IReadOnlyList<string> Bundle)
{
    /// <param name="wrongDirection">A section with this direction carries nothing for us.</param>
    /// <param name="noneLeft">The refusal when every section has the wrong direction.</param>
    public static SdpRefusal TryRead(SessionDescription offer, SdpDirection wrongDirection, SdpRefusal noneLeft, out OfferSections? sections)
    {
        sections = null;
        MediaDescription[] usable = [.. offer.Media.Where(m => m.Kind is "audio" or "video" && m.IsSecureRtp && !m.IsRejected)];
        if (usable.Length == 0)
        {
            return SdpRefusal.NoMedia;
        }

        MediaDescription[] flowing = [.. usable.Where(m => m.Direction != wrongDirection && m.Direction != SdpDirection.Inactive)];
        MediaDescription? audio = flowing.FirstOrDefault(m => m.Kind == "audio"), video = flowing.FirstOrDefault(m => m.Kind == "video");
        if ((audio ?? video) is not { } first)
        {
            return noneLeft;
        }

        string[] bundle = offer.BundleGroups.FirstOrDefault(g => first.Mid is { } mid && g.Contains(mid)) ?? [];
        if (audio is not null && video is not null && !(audio.Mid is { } a && video.Mid is { } v && a != v && bundle.Contains(a) && bundle.Contains(v)))
        {
            return SdpRefusal.NoBundle;
        }

        if (new[] { audio, video }.Any(m => m is not null && m.Attribute("rtcp-mux") is null && m.Attribute("rtcp-mux-only") is null))
        {
            return SdpRefusal.NoRtcpMux;
        }

        // Transport values stand in the bundle's first section; "bundle-only" sections may have none (RFC 9143 §7.1.3).
        MediaDescription carrier = bundle.Select(mid => offer.Media.FirstOrDefault(m => m.Mid == mid))
            .FirstOrDefault(m => m?.Attribute("ice-ufrag") is not null) ?? first;
        SdpRefusal refusal = RemoteTransport.TryRead(offer, carrier, isAnswer: false, out RemoteTransport? remote);
        if (refusal == SdpRefusal.None)
        {
            sections = new OfferSections(offer, audio, video, remote!, bundle);
        }

        return refusal;
    }

    /// <summary>Audio and video sections of the bundle that stay in the answer, with or without media.</summary>
    public bool Keeps(MediaDescription media) => media == Audio || media == Video
        || (media.Kind is "audio" or "video" && media.IsSecureRtp && !media.IsRejected && media.Mid is { } mid && Bundle.Contains(mid));

    /// <summary>Writes the answer: a section for each offered one, in order.</summary>
    /// <param name="write">Writes the audio or video section that carries media; false when it carries none after all.</param>
    public string WriteAnswer(LocalTransport hub, Func<SectionWriter, MediaDescription, bool> write)
    {
        var writer = new SectionWriter(hub, Remote.DtlsClient ? "active" : "passive");
        bool mixed = Offer.Attribute("extmap-allow-mixed") is not null || Offer.Media.Any(m => m.Attribute("extmap-allow-mixed") is not null);
        IEnumerable<string> mids = Bundle.Count == 0 ? [] : Offer.Media.Where(Keeps).Select(m => m.Mid).OfType<string>();
        writer.Head(mids, iceLite: true, mixed);
        foreach (MediaDescription media in Offer.Media)
        {
            if (!Keeps(media))
            {
                writer.Rejected(media);
            }
            else if ((media != Audio && media != Video) || !write(writer, media))
            {
                writer.Inactive(media);
            }
        }

        return writer.ToString();
    }
}
