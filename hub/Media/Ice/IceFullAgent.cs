using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Ice;

/// <summary>
/// The full side with one local base (RFC 8445), controlling unless a role conflict says otherwise. Checks every remote candidate, names UDP
/// pairs at once and a TCP pair when UDP has not answered for a second, keeps consent alive (RFC 7675) on every working pair and
/// changes over when the selected one falls silent.
/// </summary>
internal sealed class IceFullAgent : IIceAgent
{
    public static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan TcpAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pacing = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private const int MaxPairs = 16;
    private const int SilentChecks = 3;
    private readonly List<IcePair> _pairs = [];
    private readonly DatagramQueue _output;
    private readonly ulong _tieBreaker;
    private IceCredentials _credentials;
    private SeededBits _bits;
    private IcePair? _selected;
    private MonoTime _started;
    private int _settling;
    private bool _controlling = true;

    public IceFullAgent(IceCredentials credentials, IEnumerable<TransportAddress> remotes, ulong seed, DatagramQueue output, MonoTime now)
    {
        (_credentials, _output, _started, LastHeard) = (credentials, output, now, now);
        _bits = new SeededBits(seed);
        _tieBreaker = _bits.Next();
        foreach (var remote in remotes)
        {
            AddRemote(remote, now);
        }
    }

    public TransportAddress? Selected => _selected?.Remote;

    public IceFailure Failure { get; private set; }

    public TimeSpan? RoundTrip { get; private set; }

    public MonoTime LastHeard { get; private set; }

    public MonoTime? NextDeadline
    {
        get
        {
            if (Failure != IceFailure.None)
            {
                return null;
            }

            var next = LastHeard + GiveUp;
            foreach (var pair in _pairs)
            {
                next = pair.Due < next ? pair.Due : next;
            }

            return _selected is null && _pairs.Exists(p => p.Works) && _started + TcpAfter < next ? _started + TcpAfter : next;
        }
    }

    public bool IsValid(TransportAddress from) => Find(from) is { Works: true } || (_selected is { } selected && selected.Remote == from);

    public void AddRemote(TransportAddress remote, MonoTime now)
    {
        if (Find(remote) is null && _pairs.Count < MaxPairs)
        {
            // Type preference 126 for UDP and 90 for TCP (RFC 6544 §4.2), then the order in which the candidates were given.
            var priority = ((remote.IsTcp ? 90u : 126u) << 24) | ((uint)(MaxPairs - _pairs.Count) << 8) | 255;
            _pairs.Add(new IcePair(remote, priority, now + (Pacing * _pairs.Count(p => !p.Works))));
        }
    }

    /// <summary>Forgets a candidate, as when its TCP connection has closed.</summary>
    public void RemoveRemote(TransportAddress remote, MonoTime now)
    {
        _pairs.RemoveAll(p => p.Remote == remote);
        if (_selected?.Remote == remote)
        {
            _selected = null;
            Choose(now);
        }
    }

    public void Restart(IceCredentials credentials, MonoTime now)
    {
        (_credentials, _started) = (credentials, now);
        for (var i = 0; i < _pairs.Count; i++)
        {
            _pairs[i].Reset(now + (Pacing * i));
        }
    }

    public IceVerdict OnMessage(in StunMessage message, TransportAddress from, MonoTime now)
    {
        if (message.Fields.Method != StunMessage.Binding)
        {
            return IceVerdict.Unexpected;
        }

        return message.Class switch
        {
            StunClass.Request => OnRequest(message, from, now),
            StunClass.Success or StunClass.Error => OnResponse(message, from, now),
            StunClass.Indication => IceVerdict.Unexpected,
        };
    }

    public void OnMedia(TransportAddress from, MonoTime now)
    {
        // The full side asks for consent itself.
    }

    public void OnTime(MonoTime now)
    {
        if (Failure != IceFailure.None)
        {
            return;
        }

        Choose(now);
        if (now - LastHeard >= GiveUp)
        {
            Failure = _selected is null ? IceFailure.NoConnectivity : IceFailure.ConsentLost;
            return;
        }

        foreach (var pair in _pairs)
        {
            if (pair.Due <= now)
            {
                SendCheck(pair, now);
            }
        }
    }

    private IceVerdict OnRequest(in StunMessage message, TransportAddress from, MonoTime now)
    {
        if (!message.Username.SequenceEqual(_credentials.Incoming))
        {
            return IceVerdict.UnknownUser;
        }

        if (!message.IsAuthentic(_credentials.LocalPwd))
        {
            return IceVerdict.BadIntegrity;
        }

        var fields = message.Fields;
        if (fields.UnknownRequired != 0)
        {
            StunReplies.Error(_output, message.Transaction, from, _credentials.LocalPwd, 420, fields.UnknownRequired);
            return IceVerdict.Accepted;
        }

        // Role conflict (RFC 8445 §7.3.1.1): the greater tie-breaker controls.
        var theirs = _controlling ? fields.Controlling : fields.Controlled;
        if (theirs is { } tieBreaker)
        {
            if (_tieBreaker >= tieBreaker == _controlling)
            {
                StunReplies.Error(_output, message.Transaction, from, _credentials.LocalPwd, 487);
                return IceVerdict.Accepted;
            }

            _controlling = !_controlling;
        }

        StunReplies.Success(_output, message.Transaction, from, _credentials.LocalPwd);
        OnTriggered(from, fields.UseCandidate, now);
        return IceVerdict.Accepted;
    }

    private void OnTriggered(TransportAddress from, bool nominated, MonoTime now)
    {
        AddRemote(from, now);
        if (Find(from) is not { } pair)
        {
            return;
        }

        pair.NominatedByPeer |= nominated && !_controlling;
        if (!pair.Works)
        {
            pair.CheckAt(now);
            SendCheck(pair, now);
        }
        else if (nominated)
        {
            Choose(now);
        }
    }

    private IceVerdict OnResponse(in StunMessage message, TransportAddress from, MonoTime now)
    {
        // The answer must come from where the question went (RFC 8445 §7.2.5.2.1).
        if (Find(from) is not { } pair || pair.Pending != message.Transaction)
        {
            return IceVerdict.Unexpected;
        }

        if (!message.IsAuthentic(_credentials.RemotePwd))
        {
            return IceVerdict.BadIntegrity;
        }

        if (message.Class == StunClass.Success)
        {
            OnAnswered(pair, now);
        }
        else if (message.Fields.ErrorCode == 487)
        {
            _controlling = !_controlling;
            pair.Retry(now);
        }

        return IceVerdict.Accepted;
    }

    private void OnAnswered(IcePair pair, MonoTime now)
    {
        // A newly selected pair is confirmed a few times quickly, so that the other side surely heard the nomination.
        var settling = pair == _selected && _settling > 0;
        _settling -= settling ? 1 : 0;
        var next = settling ? Soon : _bits.Between(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        var sample = pair.OnAnswer(now, next);
        LastHeard = now;
        if (sample is { } measured)
        {
            RoundTrip = RoundTrip is { } smoothed ? smoothed + ((measured - smoothed) / 8) : measured;
        }

        Choose(now);
    }

    private void Choose(MonoTime now)
    {
        IcePair? best = null;
        foreach (var pair in _pairs)
        {
            if (pair.Works && IsEligible(pair, now) && (best is null || pair.Priority > best.Priority))
            {
                best = pair;
            }
        }

        if (best is null || best == _selected)
        {
            return;
        }

        _selected = best;
        _settling = 2;
        if (_controlling)
        {
            best.CheckAt(now);
        }
    }

    private bool IsEligible(IcePair pair, MonoTime now)
    {
        if (!_controlling)
        {
            return pair.NominatedByPeer;
        }

        if (pair == _selected)
        {
            return pair.Unanswered < SilentChecks || !_pairs.Exists(p => p != pair && p.Works && p.Unanswered <= 1);
        }

        if (_selected is { } selected && selected.Works)
        {
            // Going back up needs two answers in a row; going down happens only when the selected pair is silent.
            return pair.Unanswered <= 1 && (selected.Unanswered >= SilentChecks || pair.Streak >= 2);
        }

        return !pair.Remote.IsTcp || now - _started >= TcpAfter;
    }

    private void SendCheck(IcePair pair, MonoTime now)
    {
        var transaction = pair.OnSend(new StunTransaction(unchecked((uint)_bits.Next()), _bits.Next()), now);
        Span<byte> buffer = stackalloc byte[DatagramQueue.MaxDatagram];
        var writer = new StunWriter(buffer, StunClass.Request, transaction);
        writer.AddUsername(_credentials.RemoteUfrag, _credentials.LocalUfrag);
        writer.AddPriority(pair.Priority);
        writer.AddRole(_controlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, _tieBreaker);
        if (_controlling && (pair == _selected || (_selected is null && !pair.Remote.IsTcp)))
        {
            writer.AddUseCandidate();
        }

        writer.AddIntegrity(_credentials.RemotePwd);
        writer.AddFingerprint();
        _output.Add(buffer[..writer.Length], pair.Remote);
    }

    private IcePair? Find(TransportAddress remote)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Remote == remote)
            {
                return pair;
            }
        }

        return null;
    }
}
