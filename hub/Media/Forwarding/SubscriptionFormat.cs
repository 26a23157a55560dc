using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>What was agreed with a subscriber; null: the track is not sent.</summary>
/// <param name="Cname">One name for all sources, so that receivers keep lip sync.</param>
public sealed record SubscriptionFormat(
    OutgoingFormat? Audio, OutgoingFormat? Video, RtpExtensionIds AudioExtensions, RtpExtensionIds VideoExtensions, string Cname);
