using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Ice;
using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Peers;

/// <summary>
/// ICE, DTLS and SRTP of one peer connection, sans IO: datagrams and time in, datagrams and the next deadline out.
/// One owner, no locks; nothing from the network makes it throw. Dispose frees the native memory.
/// </summary>
/// <remarks>The driver's loop: wait for a datagram or <see cref="NextDeadline"/>, call one On… method, drain <see cref="TryTake"/>, repeat.</remarks>
public sealed class PeerEngine : IDisposable
{
    /// <summary>Spare bytes that <see cref="ProtectRtp"/> and <see cref="ProtectRtcp"/> may need behind the plain packet.</summary>
    public const int MaxOverhead = 32;

    /// <summary>A buffer of this many bytes holds any datagram of <see cref="TryTake"/>.</summary>
    public const int MaxDatagram = DatagramQueue.MaxDatagram;
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);
    private readonly DatagramQueue _output = new();
    private readonly EarlyDatagrams _early = new();
    private readonly IIceAgent _ice;
    private readonly DtlsSession _dtls;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private TransportAddress? _dtlsFrom;
    private MonoTime? _handshakeEnd;
    private bool _heardMedia;

    /// <exception cref="ArgumentException">The fingerprint is not one: our own signalling must refuse such an SDP before.</exception>
    public PeerEngine(PeerSettings settings, DtlsIdentity identity, MonoTime now)
    {
        var expected = DtlsFingerprint.TryParse(settings.RemoteFingerprint)
            ?? throw new ArgumentException("Not a sha-256, sha-384 or sha-512 fingerprint", nameof(settings));
        var credentials = new IceCredentials(settings.LocalUfrag, settings.LocalPwd, settings.RemoteUfrag, settings.RemotePwd);
        _ice = settings.IceLite
            ? new IceLiteAgent(credentials, settings.MediaIsConsent, _output, now)
            : new IceFullAgent(credentials, settings.RemoteCandidates, settings.Seed, _output, now);
        _dtls = new DtlsSession(identity, settings.DtlsClient, expected, settings.SrtpProfiles, SendDtls);
        State = settings.IceLite ? PeerState.New : PeerState.Checking;
    }

    public PeerState State { get; private set; }

    public PeerCloseReason CloseReason { get; private set; }

    /// <summary>When <see cref="OnTime"/> wants to be called; null when there is nothing to wait for.</summary>
    public MonoTime? NextDeadline => State == PeerState.Closed
        ? null
        : MonoTime.Earliest(MonoTime.Earliest(_ice.NextDeadline, _dtls.NextDeadline), _handshakeEnd);

    /// <summary>Where media goes now; follows an address change after an authenticated check. Null before the first usable pair.</summary>
    public TransportAddress? Selected => _ice.Selected;

    /// <summary>Of ICE checks, smoothed; full side only (null on the lite side).</summary>
    public TimeSpan? RoundTrip => _ice.RoundTrip;

    /// <summary>When the other side last passed an authenticated check; before the first one, when the engine began.</summary>
    public MonoTime LastHeard => _ice.LastHeard;

    /// <summary>When authentic media last came; null: never.</summary>
    public MonoTime? LastMedia { get; private set; }

    /// <summary>The SRTP profile agreed on; None before <see cref="PeerState.Connected"/>.</summary>
    public SrtpProfile Profile => _sender is null ? SrtpProfile.None : _dtls.Profile;

    /// <summary>The handshake's part is freed (<see cref="DtlsSession.ReleaseHandshake"/>).</summary>
    internal bool KeepsAlertsOnly => _dtls.IsReleased;

    public PeerDrops Drops { get; } = new();

    /// <summary>
    /// Takes one datagram and says what it was (RFC 7983). For Rtp and Rtcp the plain packet is <paramref name="wire"/>[..length], decrypted
    /// in place. Never throws; allocates nothing for media of known sources.
    /// </summary>
    /// <param name="length">0 unless the result is Rtp or Rtcp.</param>
    public DatagramKind OnDatagram(Span<byte> wire, TransportAddress from, MonoTime arrived, out int length)
    {
        length = 0;
        if (State == PeerState.Closed)
        {
            return Drops.Count(DropReason.Closed);
        }

        return wire.IsEmpty ? Drops.Count(DropReason.UnknownProtocol) : wire[0] switch
        {
            >= 128 and <= 191 => OnMedia(wire, from, arrived, out length),
            <= 3 => OnStun(wire, from, arrived),
            >= 20 and <= 63 => OnDtls(wire, from, arrived),
            _ => Drops.Count(DropReason.UnknownProtocol),
        };
    }

    public void OnTime(MonoTime now)
    {
        if (State == PeerState.Closed)
        {
            return;
        }

        _ice.OnTime(now);
        _dtls.OnTime(now);
        Settle(now);
        if (_handshakeEnd is { } end && now >= end)
        {
            End(PeerCloseReason.DtlsFailed);
        }
    }

    /// <summary>Takes a STUN or DTLS datagram to send; drain until false after every On… call, Close and RestartIce.</summary>
    /// <param name="buffer"><see cref="MaxDatagram"/> bytes.</param>
    public bool TryTake(Span<byte> buffer, out int length, out TransportAddress to) => _output.TryTake(buffer, out length, out to);

    /// <summary>Writes header, encrypted payload and tag. Allocates nothing after a source's first packet.</summary>
    /// <param name="header">The whole RTP header with CSRCs and extensions: authenticated, in the clear.</param>
    /// <param name="output">Header, payload and <see cref="MaxOverhead"/> bytes; must not overlap the inputs.</param>
    /// <returns>Bytes written; 0 when not connected or when the output is too short.</returns>
    public int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> output) =>
        State == PeerState.Connected && _sender is { } sender ? sender.ProtectRtp(header, payload, output) : 0;

    /// <param name="plain">A compound or reduced-size RTCP packet, 8 bytes or more.</param>
    /// <returns>Bytes written; 0 when not connected or when the output is too short.</returns>
    public int ProtectRtcp(ReadOnlySpan<byte> plain, Span<byte> output) =>
        State == PeerState.Connected && _sender is { } sender ? sender.ProtectRtcp(plain, output) : 0;

    /// <summary>ICE restart (RFC 8445 §9): media goes on over the selected pair until the new credentials have found one.</summary>
    public void RestartIce(string localUfrag, string localPwd, string remoteUfrag, string remotePwd, MonoTime now)
    {
        if (State != PeerState.Closed)
        {
            _ice.Restart(new IceCredentials(localUfrag, localPwd, remoteUfrag, remotePwd), now);
            _ice.OnTime(now);
        }
    }

    /// <summary>Full side: one more address of the other side; a TCP one once it is connected.</summary>
    public void AddRemoteCandidate(TransportAddress address)
    {
        if (_ice is IceFullAgent full)
        {
            full.AddRemote(address, full.LastHeard);
        }
    }

    /// <summary>Full side: an address that is gone, as when its TCP connection closed.</summary>
    public void RemoveRemoteCandidate(TransportAddress address, MonoTime now)
    {
        if (_ice is IceFullAgent full)
        {
            full.RemoveRemote(address, now);
        }
    }

    /// <summary>Ends the connection; a close_notify goes out through <see cref="TryTake"/>.</summary>
    public void Close(MonoTime now)
    {
        if (State != PeerState.Closed)
        {
            _dtls.Close(now);
            End(PeerCloseReason.ClosedByUs);
        }
    }

    public void Dispose()
    {
        if (State != PeerState.Closed)
        {
            End(PeerCloseReason.ClosedByUs);
        }

        _dtls.Dispose();
        _sender?.Dispose();
        _receiver?.Dispose();
        (_sender, _receiver) = (null, null);
    }

    private DatagramKind OnMedia(Span<byte> wire, TransportAddress from, MonoTime arrived, out int length)
    {
        length = 0;
        if (_receiver is not { } receiver)
        {
            return Drops.Count(DropReason.TooEarly);
        }

        if (!_ice.IsValid(from))
        {
            return Drops.Count(DropReason.UnknownAddress);
        }

        // RTCP packet types lie in 192–223, which RTP's marker and type byte never use (RFC 5761 §4).
        var isRtcp = wire.Length > 1 && wire[1] is >= 192 and <= 223;
        var error = isRtcp ? receiver.UnprotectRtcp(wire, out length) : receiver.UnprotectRtp(wire, out length);
        if (error == SrtpError.None)
        {
            LastMedia = arrived;
            _ice.OnMedia(from, arrived);
        }

        if (error == SrtpError.None && !_heardMedia)
        {
            // Only a peer whose own handshake is through has the keys.
            _heardMedia = true;
            _dtls.ReleaseHandshake();
        }

        return error switch
        {
            SrtpError.None => isRtcp ? DatagramKind.Rtcp : DatagramKind.Rtp,
            SrtpError.Malformed => Drops.Count(DropReason.MalformedMedia),
            SrtpError.Replayed => Drops.Count(DropReason.Replayed),
            SrtpError.NotAuthentic => Drops.Count(DropReason.Unauthenticated),
            SrtpError.TooManySources => Drops.Count(DropReason.TooManySources),
        };
    }

    private DatagramKind OnStun(ReadOnlySpan<byte> wire, TransportAddress from, MonoTime now)
    {
        if (StunMessage.TryRead(wire, out var message) != StunError.None)
        {
            return Drops.Count(DropReason.MalformedStun);
        }

        var verdict = _ice.OnMessage(message, from, now);
        if (verdict == IceVerdict.Accepted)
        {
            Settle(now);
            return DatagramKind.Handled;
        }

        return Drops.Count(verdict switch
        {
            IceVerdict.BadIntegrity => DropReason.BadIntegrity,
            IceVerdict.UnknownUser => DropReason.UnknownUser,
            _ => DropReason.UnexpectedStun,
        });
    }

    private DatagramKind OnDtls(ReadOnlySpan<byte> wire, TransportAddress from, MonoTime now)
    {
        wire = wire[..DtlsRecords.SoundLength(wire)];
        if (wire.IsEmpty)
        {
            return Drops.Count(DropReason.MalformedDtls);
        }

        if (!_ice.IsValid(from))
        {
            // The first flight may overtake the check that validates its address.
            return State <= PeerState.Checking && _early.Keep(wire, from) ? DatagramKind.Handled : Drops.Count(DropReason.UnknownAddress);
        }

        _dtlsFrom = from;
        _dtls.OnDatagram(wire, now);
        Settle(now);
        return DatagramKind.Handled;
    }

    // Draws the consequences of whatever just happened below.
    private void Settle(MonoTime now)
    {
        if (_ice.Failure != IceFailure.None)
        {
            End(_ice.Failure == IceFailure.ConsentLost ? PeerCloseReason.ConsentLost : PeerCloseReason.IceFailed);
            return;
        }

        if (State < PeerState.Handshaking && _ice.Selected is not null)
        {
            State = PeerState.Handshaking;
            _handshakeEnd = now + HandshakeTime;
            _dtls.Start(now);
        }

        ReplayEarly(now);
        if (State < PeerState.Connected && _dtls.State == DtlsState.Connected)
        {
            OnHandshakeDone(now);
        }
        else if (_dtls.State == DtlsState.Failed)
        {
            End(_dtls.BadFingerprint ? PeerCloseReason.BadFingerprint : PeerCloseReason.DtlsFailed);
        }
        else if (_dtls.State == DtlsState.ClosedByPeer)
        {
            End(PeerCloseReason.ClosedByPeer);
        }
    }

    private void ReplayEarly(MonoTime now)
    {
        if (_early.From is { } from && _ice.IsValid(from))
        {
            _dtlsFrom = from;
            while (_early.TryTake(out var datagram))
            {
                _dtls.OnDatagram(datagram, now);
            }
        }
    }

    private void OnHandshakeDone(MonoTime now)
    {
        _handshakeEnd = null;
        if (_dtls.Profile == SrtpProfile.None)
        {
            _dtls.Close(now);
            End(PeerCloseReason.NoSrtpProfile);
            return;
        }

        var (send, receive) = _dtls.ExportKeys();
        _sender = new SrtpSender(send);
        _receiver = new SrtpReceiver(receive);
        send.Clear();
        receive.Clear();
        State = PeerState.Connected;
    }

    private void SendDtls(ReadOnlySpan<byte> datagram)
    {
        if ((_ice.Selected ?? _dtlsFrom) is { } to)
        {
            _output.Add(datagram, to);
        }
    }

    private void End(PeerCloseReason reason)
    {
        State = PeerState.Closed;
        CloseReason = reason;
        _handshakeEnd = null;
    }
}
