using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ThreeClassrooms.Mqtt.Native;

/// <summary>How a connection ended.</summary>
internal sealed record ConnectionEnd(MqttReason Reason, string? Words);

/// <summary>
/// One connection from CONNECT to its end; a new one has a new handle, so nothing of an old one is ever repeated. Made and begun on a pool
/// thread, then owned by the loop: every other member is called on its thread, but for <see cref="Ended"/>.
/// </summary>
internal sealed unsafe class Connection
{
    /// <summary>From the first packet to CONNACK.</summary>
    private static readonly TimeSpan ConnackWithin = TimeSpan.FromSeconds(15);

    /// <summary>For DISCONNECT to leave.</summary>
    private static readonly TimeSpan FarewellWithin = TimeSpan.FromSeconds(2);

    private const int LogErrors = 0x0C;
    private const int ReadsAtOnce = 64;

    private readonly Action<bool> _onUp;
    private readonly Action<MqttMessage> _onMessage;
    private readonly Func<bool> _mayRead;
    private readonly bool _tls;
    private readonly Dictionary<int, TaskCompletionSource<MqttPublishResult>> _publishes = [];
    private readonly Dictionary<int, TaskCompletionSource<MqttReason>> _subscribes = [];
    private readonly TaskCompletionSource<ConnectionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begun = Stopwatch.GetTimestamp();
    private nint _handle;
    private GCHandle _self;
    private bool _writable;
    private bool _isUp;
    private long _farewellAt;
    private int _packets;
    private MqttReason? _reason;
    private string? _words;

    private Connection(MqttLinkSettings settings, Action<bool> onUp, Action<MqttMessage> onMessage, Func<bool> mayRead)
    {
        (_onUp, _onMessage, _mayRead, _tls) = (onUp, onMessage, mayRead, settings.Tls is not null);
    }

    /// <summary>Completes once, whatever happened; safe to await from anywhere.</summary>
    public Task<ConnectionEnd> Ended => _ended.Task;

    public bool IsGone => _handle == 0;

    public int Descriptor => _handle == 0 ? -1 : Mosquitto.Socket(_handle);

    public bool WantsToRead => !_isUp || _mayRead();

    /// <summary>
    /// While TLS is negotiated only the first writability counts (the TCP connection stands); afterwards the server's answers drive it. The library would ask for
    /// writability all the time and spin.
    /// </summary>
    public bool WantsToWrite => _handle != 0 && (_tls && !_isUp ? !_writable : Mosquitto.WantsToWrite(_handle));

    /// <summary>Makes the handle and begins to connect. Resolves names: may take seconds.</summary>
    /// <param name="address">What to connect to; the settings' host or one of its addresses.</param>
    /// <param name="onUp">Gets whether the session was present; on the loop's thread.</param>
    /// <param name="onMessage">On the loop's thread.</param>
    /// <param name="mayRead">False: nothing is read for the time being.</param>
    public static Connection Begin(MqttLinkSettings settings, string address, bool cleanStart, Action<bool> onUp, Action<MqttMessage> onMessage, Func<bool> mayRead)
    {
        var connection = new Connection(settings, onUp, onMessage, mayRead);
        int code = connection.Begin(settings, address, cleanStart);
        if (code != Mosquitto.Success)
        {
            connection.End(code);
        }

        return connection;
    }

    /// <param name="broken">The socket is refused or closed. While TLS is negotiated the library takes that for patience and would be asked again at once, for ever.</param>
    public void OnReady(bool readable, bool writable, bool broken)
    {
        if (_handle == 0)
        {
            return;
        }

        _writable |= writable;
        int code = Mosquitto.Success;
        bool negotiating = _tls && !_isUp;
        if (readable || negotiating)
        {
            code = Read();
        }

        if (code == Mosquitto.Success && (writable || negotiating))
        {
            code = Mosquitto.Write(_handle, ReadsAtOnce);
        }

        EndIfOver(code == Mosquitto.Success && broken && _tls && !_isUp ? Mosquitto.NoConnection : code);
    }

    /// <param name="now">Stopwatch ticks.</param>
    public void OnTick(long now)
    {
        if (_handle == 0)
        {
            return;
        }

        if (_farewellAt != 0 && Stopwatch.GetElapsedTime(_farewellAt, now) > FarewellWithin)
        {
            End(Mosquitto.Success);
        }
        else if (!_isUp && Stopwatch.GetElapsedTime(_begun, now) > ConnackWithin)
        {
            _words ??= "no CONNACK in time";
            End(Mosquitto.NoConnection);
        }
        else
        {
            EndIfOver(Mosquitto.KeepAlive(_handle));
        }
    }

    public void Publish(MqttMessage message, TaskCompletionSource<MqttPublishResult> done)
    {
        if (!_isUp || _handle == 0)
        {
            done.TrySetResult(new MqttPublishResult(MqttReason.NotConnected));
            return;
        }

        int code, id;
        try
        {
            using PropertyList properties = PropertyList.Of(message);
            fixed (byte* payload = message.Payload.Span)
            {
                code = Mosquitto.Publish(_handle, out id, message.Topic, message.Payload.Length, payload, (int)message.Qos, message.Retain, properties.Handle);
            }
        }
        catch (ArgumentException e)
        {
            done.TrySetException(e);
            return;
        }

        if (code is Mosquitto.Invalid or Mosquitto.MalformedText)
        {
            done.TrySetException(new ArgumentException($"'{message.Topic}' cannot be published to: {Mosquitto.Explain(code)}"));
        }
        else if (code == Mosquitto.OversizePacket)
        {
            done.TrySetResult(new MqttPublishResult(MqttReason.PacketTooLarge));
        }
        else if (code != Mosquitto.Success)
        {
            done.TrySetResult(new MqttPublishResult(MqttReason.ConnectionLost, Mosquitto.Explain(code)));
        }
        else if (message.Qos == MqttQos.AtMostOnce)
        {
            done.TrySetResult(new MqttPublishResult(MqttReason.Success));
        }
        else
        {
            _publishes[id] = done;
        }
    }

    public void Subscribe(MqttSubscription filter, TaskCompletionSource<MqttReason> done)
    {
        if (!_isUp || _handle == 0)
        {
            done.TrySetResult(MqttReason.NotConnected);
            return;
        }

        int code = Mosquitto.Subscribe(_handle, out int id, filter.Filter, (int)filter.Qos, 0, 0);
        if (code == Mosquitto.Success)
        {
            _subscribes[id] = done;
        }
        else
        {
            done.TrySetResult(MqttReason.ConnectionLost);
        }
    }

    /// <summary>Says DISCONNECT 0x00 (no will) and ends soon after.</summary>
    public void Close()
    {
        if (_handle == 0)
        {
            return;
        }

        if (!_isUp)
        {
            End(Mosquitto.Success);
            return;
        }

        _farewellAt = Stopwatch.GetTimestamp();
        _reason ??= MqttReason.Success;
        EndIfOver(Mosquitto.Disconnect(_handle, 0, 0));
    }

    private int Begin(MqttLinkSettings settings, string address, bool cleanStart)
    {
        _self = GCHandle.Alloc(this);
        _handle = Mosquitto.New(settings.ClientId, cleanStart, GCHandle.ToIntPtr(_self));
        Mosquitto.UseVersion5(_handle, settings.ReceiveMaximum);
        Mosquitto.OnConnect(_handle, &HandleConnect);
        Mosquitto.OnDisconnect(_handle, &HandleDisconnect);
        Mosquitto.OnPublish(_handle, &HandlePublish);
        Mosquitto.OnSubscribe(_handle, &HandleSubscribe);
        Mosquitto.OnMessage(_handle, &HandleMessage);
        Mosquitto.OnLog(_handle, &HandleLog);
        int code = Mosquitto.SetCredentials(_handle, settings.Username, settings.Password());
        if (code == Mosquitto.Success && settings.Tls is { } tls)
        {
            code = Secure(tls);
        }

        if (code == Mosquitto.Success && settings.Will() is { } will)
        {
            code = SetWill(will);
        }

        if (code != Mosquitto.Success)
        {
            return code;
        }

        int keepAlive = (int)Math.Clamp(settings.KeepAlive.TotalSeconds, 5, ushort.MaxValue);
        using PropertyList properties = PropertyList.OfConnect(settings.SessionExpiry);
        _ = Mosquitto.ConnectWith(_handle, null, settings.Port, keepAlive, null, properties.Handle);
        return Mosquitto.BeginConnect(_handle, address, settings.Port, keepAlive, null);
    }

    private int Secure(MqttTls tls)
    {
        int code = Mosquitto.SetTls(_handle, tls.TrustFile, null, null, null, 0);
        if (code == Mosquitto.Success)
        {
            code = Mosquitto.SetTlsOptions(_handle, 1, null, null); // verify the peer; the library's floor is TLS 1.2
        }

        return code == Mosquitto.Success && !tls.NameCounts ? Mosquitto.SetAnyName(_handle, true) : code;
    }

    private int SetWill(MqttWill will)
    {
        using PropertyList properties = PropertyList.Of(will);
        MqttMessage message = will.Message;
        fixed (byte* payload = message.Payload.Span)
        {
            int code = Mosquitto.SetWill(_handle, message.Topic, message.Payload.Length, payload, (int)message.Qos, message.Retain, properties.Handle);
            if (code == Mosquitto.Success)
            {
                properties.Release();
            }

            return code;
        }
    }

    private int Read()
    {
        int code, before, reads = 0;
        do
        {
            before = _packets;
            code = Mosquitto.Read(_handle, 1);
        }
        while (code == Mosquitto.Success && _packets != before && ++reads < ReadsAtOnce && _mayRead());
        return code;
    }

    private void EndIfOver(int code)
    {
        if (code != Mosquitto.Success || Mosquitto.Socket(_handle) < 0)
        {
            End(code);
        }
    }

    private void End(int code)
    {
        Mosquitto.Destroy(_handle);
        _handle = 0;
        _self.Free();
        bool wasUp = _isUp;
        _isUp = false;
        MqttReason reason = _reason ?? (wasUp ? MqttReason.ConnectionLost
            : code is Mosquitto.ErrorTls or Mosquitto.ErrorTlsHandshake ? MqttReason.TlsFailed
            : MqttReason.Unreachable);
        foreach (TaskCompletionSource<MqttPublishResult> publish in _publishes.Values)
        {
            publish.TrySetResult(new MqttPublishResult(MqttReason.ConnectionLost));
        }

        foreach (TaskCompletionSource<MqttReason> subscribe in _subscribes.Values)
        {
            subscribe.TrySetResult(MqttReason.ConnectionLost);
        }

        _ended.TrySetResult(new ConnectionEnd(reason, _words ?? (code == Mosquitto.Success ? null : Mosquitto.Explain(code))));
    }

    private static Connection Of(nint userData) => (Connection)GCHandle.FromIntPtr(userData).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleConnect(nint handle, nint self, int reason, int flags, nint properties)
    {
        Connection connection = Of(self);
        connection._packets++;
        connection._words = PropertyList.Reason(properties);
        if (reason != 0)
        {
            connection._reason ??= (MqttReason)reason;
            return;
        }

        Mosquitto.OnLog(handle, null); // from here on the reason codes tell what is wrong
        connection._isUp = true;
        connection._onUp((flags & 1) != 0);
    }

    /// <summary>The code is the broker's reason, or one of the library's errors: those are small numbers and no failures of MQTT's.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleDisconnect(nint handle, nint self, int reason, nint properties)
    {
        Connection connection = Of(self);
        if (((MqttReason)reason).IsFailure())
        {
            connection._reason ??= (MqttReason)reason;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandlePublish(nint handle, nint self, int id, int reason, nint properties)
    {
        Connection connection = Of(self);
        connection._packets++;
        if (connection._publishes.Remove(id, out TaskCompletionSource<MqttPublishResult>? done))
        {
            done.TrySetResult(new MqttPublishResult((MqttReason)reason, PropertyList.Reason(properties)));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleSubscribe(nint handle, nint self, int id, int count, int* granted, nint properties)
    {
        Connection connection = Of(self);
        connection._packets++;
        if (connection._subscribes.Remove(id, out TaskCompletionSource<MqttReason>? done))
        {
            done.TrySetResult(count > 0 ? (MqttReason)granted[0] : MqttReason.ProtocolError);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleMessage(nint handle, nint self, NativeMessage* message, nint properties)
    {
        Connection connection = Of(self);
        connection._packets++;
        connection._onMessage(PropertyList.Read(message, properties));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleLog(nint handle, nint self, int level, byte* text)
    {
        if ((level & LogErrors) != 0)
        {
            Of(self)._words = Marshal.PtrToStringUTF8((nint)text);
        }
    }
}
