using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Ice;

/// <summary>One side of ICE for one component: <see cref="IceLiteAgent"/> or <see cref="IceFullAgent"/>. What it sends goes into the queue it was given.</summary>
internal interface IIceAgent
{
    /// <summary>Where to send; null until a pair is chosen.</summary>
    TransportAddress? Selected { get; }

    IceFailure Failure { get; }

    /// <summary>Null when the agent gave up.</summary>
    MonoTime? NextDeadline { get; }

    /// <summary>Smoothed over the answered checks; null when this side does not measure.</summary>
    TimeSpan? RoundTrip { get; }

    /// <summary>When the peer last proved that it is there.</summary>
    MonoTime LastHeard { get; }

    /// <summary>True when the address has passed an authenticated check lately: media and DTLS from it are taken.</summary>
    bool IsValid(TransportAddress from);

    IceVerdict OnMessage(in StunMessage message, TransportAddress from, MonoTime now);

    /// <summary>Authentic media has come from a valid address.</summary>
    void OnMedia(TransportAddress from, MonoTime now);

    void OnTime(MonoTime now);

    /// <summary>New credentials (RFC 8445 §9). The selected pair stays in use until a new one is found.</summary>
    void Restart(IceCredentials credentials, MonoTime now);
}
