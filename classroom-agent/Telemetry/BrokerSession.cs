using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>The link to one broker with the passwords there are for it, and what is known of the present connection. Thread-safe.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    public const string Shutdown = "shutdown";

    public const string Lost = "lost";

    /// <summary>How long a refused device waits at least before it asks the hub again.</summary>
    public static readonly TimeSpan RenewAtMostEvery = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Mosquitto (2.0.11, as Debian 12 has it) publishes no delayed will as long as a will that came later is not due: where devices are lost one after the other none
    /// would ever be told. The hub waits instead.
    /// </summary>
    private static readonly TimeSpan WillDelay = TimeSpan.Zero;

    /// <summary>The broker keeps commands for a device that is away so long.</summary>
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromHours(1);

    /// <summary>So many attempts in vain, and the broker may have moved.</summary>
    private const int UnreachableTimes = 8;

    private const ushort ReceiveMaximum = 20;

    private readonly Identity _identity;
    private readonly MqttIdentityStore _store;
    private readonly LinkMaking _making;
    private readonly Guid _start;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _moved = new();
    private MqttIdentity _mqtt;
    private volatile PasswordRound _round;
    private Guid _connection;
    private int _unreachable;
    private volatile bool _isOnline;

    public BrokerSession(Identity identity, MqttIdentity mqtt, MqttIdentityStore store, LinkMaking making, Guid start, TimeProvider time)
    {
        (_identity, _mqtt, _store, _making, _start, _time) = (identity, mqtt, store, making, start, time);
        _round = new PasswordRound(mqtt.Passwords);
        Link = making.Create(
            new MqttLinkSettings(
                mqtt.Host ?? identity.Hub.Host, mqtt.Port, mqtt.Certificate is null ? null : new MqttTls(store.TrustFile, NameCounts: !mqtt.CertificateIsPin),
                identity.DeviceId, identity.DeviceId, () => _round.Present, making.Pace.KeepAliveAtLeast + (making.Pace.KeepAliveJitter * Random.Shared.NextDouble()),
                CleanStart: mqtt.Current is null, SessionExpiry, NewWill, ReceiveMaximum),
            time);
    }

    public IMqttLink Link { get; }

    public bool IsOnline => _isOnline;

    /// <summary>Ends when the link is to be closed, after the farewell.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Ends when the hub has named another broker.</summary>
    public CancellationToken Moved => _moved.Token;

    /// <summary>A new password may help.</summary>
    public SemaphoreSlim RenewalWanted { get; } = new(0);

    public void OnBorn() => _isOnline = true;

    public void Close() => _closing.Cancel();

    /// <summary>The hub has given another password, and perhaps another address.</summary>
    public void Take(MqttIdentity renewed)
    {
        lock (_lock)
        {
            bool moved = !renewed.IsSamePlace(_mqtt);
            _mqtt = renewed;
            _round = new PasswordRound(renewed.Passwords);
            if (moved)
            {
                _moved.Cancel();
            }
        }

        Link.TryNow();
    }

    public void OnChanged(MqttLinkChange change)
    {
        _isOnline = false;
        lock (_lock)
        {
            _unreachable = change.Reason == MqttReason.Unreachable ? _unreachable + 1 : 0;
            if (change.Up)
            {
                OnUp();
            }
            else if (change.Reason.IsRefusal() && _round.OnRefused())
            {
                Link.TryNow(); // with the other password
            }
            else if (change.Reason == MqttReason.TlsFailed || change.Reason.IsRefusal() || _unreachable == UnreachableTimes)
            {
                RenewalWanted.Release();
            }
        }
    }

    /// <summary>The state message of the present connection.</summary>
    public MqttMessage State(bool online, string? reason)
    {
        lock (_lock)
        {
            return Message(online, reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        _closing.Dispose();
        _moved.Dispose();
        RenewalWanted.Dispose();
    }

    /// <summary>Asked for before every connection: from here on it has an id of its own.</summary>
    private MqttWill NewWill()
    {
        lock (_lock)
        {
            _connection = Guid.NewGuid();
            return new MqttWill(Message(online: false, Lost), WillDelay);
        }
    }

    private void OnUp()
    {
        MqttIdentity proven = _mqtt.Proven(_round.Present);
        if (proven != _mqtt)
        {
            _mqtt = proven;
            _round = new PasswordRound(proven.Passwords);
            _store.TrySave(proven); // if it cannot, the file has this password all the same, beside the old one
        }
    }

    private MqttMessage Message(bool online, string? reason) => UpMessages.Of(
        _identity.DeviceId, UpKind.State, new AgentState(online, reason, _making.Boot, _connection, _time.GetUtcNow(), _making.Version, _start));
}
