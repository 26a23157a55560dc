namespace ThreeClassrooms.Hub.Streams;

/// <summary>Why an offer did not become a connection.</summary>
internal enum OfferRefusal
{
    /// <summary>The description cannot be read, or asks for what this hub does not do.</summary>
    BadOffer,

    /// <summary>No codec in common, or the watcher cannot decode what is sent.</summary>
    CodecMismatch,

    /// <summary>Nobody publishes this stream now.</summary>
    StreamNotLive,

    LessonClosed,

    /// <summary>The hub has no room for another connection.</summary>
    HubFull,
}

/// <summary>An accepted offer.</summary>
/// <param name="Id">Last part of the Location URL.</param>
/// <param name="Sdp">The answer.</param>
/// <param name="ETag">Names the ICE session (RFC 9725 §4.3), with quotes.</param>
internal sealed record AcceptedOffer(string Id, string Sdp, string ETag);

/// <summary>An offer that was not accepted, with what a client's developer should know.</summary>
internal sealed record RefusedOffer(OfferRefusal Refusal, string Detail);

/// <summary>The answer to a PATCH of a connection.</summary>
/// <param name="Fragment">To answer with; empty: nothing to answer; null: the caller's tag is another.</param>
/// <param name="ETag">Names the ICE session now, with quotes.</param>
internal sealed record PatchAnswer(string? Fragment, string ETag);
