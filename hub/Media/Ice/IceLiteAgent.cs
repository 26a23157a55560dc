using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Ice;

/// <summary>
/// The lite side (RFC 8445 §2.5): answers checks, always controlled, sends to the pair that the peer nominated and follows it to a new
/// address. Every address must be seen in an authenticated check at least every 30 s (the receiving half of RFC 7675).
/// </summary>
/// <param name="mediaIsConsent">See <see cref="PeerSettings.MediaIsConsent"/>.</param>
internal sealed class IceLiteAgent(IceCredentials credentials, bool mediaIsConsent, DatagramQueue output, MonoTime now) : IIceAgent
{
    public static readonly TimeSpan ConsentTime = TimeSpan.FromSeconds(30);

    // A lower-priority pair takes over only when the selected one has not been nominated for so long: aggressive nominators name all pairs.
    private static readonly TimeSpan NominationHold = TimeSpan.FromSeconds(1);
    private const int MaxRemotes = 8;
    private const int RememberedRequests = 16;
    private readonly List<Remote> _remotes = [];
    private readonly (StunTransaction Id, TransportAddress From)[] _requests = new (StunTransaction, TransportAddress)[RememberedRequests];
    private IceCredentials _credentials = credentials;
    private int _nextRequest;
    private Remote? _selected;

    public TransportAddress? Selected => _selected?.Address;

    public IceFailure Failure { get; private set; }

    public TimeSpan? RoundTrip => null;

    public MonoTime LastHeard { get; private set; } = now;

    public MonoTime? NextDeadline { get; private set; } = now + ConsentTime;

    public bool IsValid(TransportAddress from) =>
        _selected is { } selected && selected.Address == from ? true : Find(from) is not null;

    public IceVerdict OnMessage(in StunMessage message, TransportAddress from, MonoTime now)
    {
        if (message.Class != StunClass.Request || message.Fields.Method != StunMessage.Binding)
        {
            return IceVerdict.Unexpected;
        }

        if (!message.Username.SequenceEqual(_credentials.Incoming))
        {
            return IceVerdict.UnknownUser;
        }

        if (!message.IsAuthentic(_credentials.LocalPwd))
        {
            return IceVerdict.BadIntegrity;
        }

        if (IsCopied(message.Transaction, from))
        {
            return IceVerdict.Unexpected;
        }

        Answer(message, from, now);
        return IceVerdict.Accepted;
    }

    public void OnMedia(TransportAddress from, MonoTime now)
    {
        if (mediaIsConsent && (_selected is { } selected && selected.Address == from ? selected : Find(from)) is { } remote)
        {
            remote.Heard = now;
        }
    }

    public void OnTime(MonoTime now)
    {
        if (Failure != IceFailure.None || now < NextDeadline)
        {
            return;
        }

        _remotes.RemoveAll(r => now - r.Heard >= ConsentTime);
        if (_selected is { } selected && now - selected.Heard >= ConsentTime)
        {
            _selected = _remotes.Where(r => r.Nominated is not null).MaxBy(r => r.Priority);
            Failure = _selected is null ? IceFailure.ConsentLost : IceFailure.None;
        }
        else if (_selected is null && now - LastHeard >= ConsentTime)
        {
            Failure = IceFailure.NoConnectivity;
        }

        SetDeadline();
    }

    public void Restart(IceCredentials credentials, MonoTime now)
    {
        _credentials = credentials;
        foreach (var remote in _remotes)
        {
            // Media from the old addresses is still good; any nomination under the new credentials beats them.
            (remote.Priority, remote.Nominated) = (0, null);
        }
    }

    // The same transaction from two addresses is a copied datagram: it must not redirect the media.
    private bool IsCopied(StunTransaction id, TransportAddress from)
    {
        foreach (var request in _requests)
        {
            if (request.Id == id && request.From != default)
            {
                return request.From != from;
            }
        }

        _requests[_nextRequest] = (id, from);
        _nextRequest = (_nextRequest + 1) % RememberedRequests;
        return false;
    }

    private void Answer(in StunMessage message, TransportAddress from, MonoTime now)
    {
        var key = _credentials.LocalPwd;
        if (message.Fields.UnknownRequired != 0)
        {
            StunReplies.Error(output, message.Transaction, from, key, 420, message.Fields.UnknownRequired);
        }
        else if (message.Fields.Controlled is not null)
        {
            StunReplies.Error(output, message.Transaction, from, key, 487);
        }
        else
        {
            StunReplies.Success(output, message.Transaction, from, key);
            OnChecked(from, message.Fields.Priority ?? 0, message.Fields.UseCandidate, now);
        }
    }

    private void OnChecked(TransportAddress from, uint priority, bool nominated, MonoTime now)
    {
        var remote = Find(from) ?? Add(from);
        LastHeard = now;
        remote.Heard = now;
        remote.Priority = Math.Max(priority, 1);
        if (nominated)
        {
            remote.Nominated = now;
            if (_selected is not { } selected
                || remote.Priority >= selected.Priority
                || selected.Nominated is not { } last
                || now - last >= NominationHold)
            {
                _selected = remote;
            }
        }

        SetDeadline();
    }

    private Remote? Find(TransportAddress address)
    {
        foreach (var remote in _remotes)
        {
            if (remote.Address == address)
            {
                return remote;
            }
        }

        return null;
    }

    private Remote Add(TransportAddress address)
    {
        if (_remotes.Count == MaxRemotes)
        {
            _remotes.Remove(_remotes.Where(r => r != _selected).MinBy(r => r.Heard.Nanoseconds)!);
        }

        var remote = new Remote(address);
        _remotes.Add(remote);
        return remote;
    }

    private void SetDeadline()
    {
        var heard = _selected is { } selected ? selected.Heard : LastHeard;
        NextDeadline = Failure == IceFailure.None ? heard + ConsentTime : null;
    }

    private sealed class Remote(TransportAddress address)
    {
        public TransportAddress Address { get; } = address;

        /// <summary>As the peer would rate the candidate (PRIORITY of its check); 0 before an ICE restart.</summary>
        public uint Priority { get; set; }

        public MonoTime Heard { get; set; }

        /// <summary>When USE-CANDIDATE last came from here.</summary>
        public MonoTime? Nominated { get; set; }
    }
}
