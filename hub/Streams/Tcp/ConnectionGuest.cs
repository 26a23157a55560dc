namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>One TCP connection that was let in by the <see cref="ConnectionGate"/>. A feature of the connection, so that requests find it. Thread-safe.</summary>
internal sealed class ConnectionGuest : IDisposable
{
    private readonly ConnectionGate _gate;
    private readonly Action _end;
    private int _spoken;
    private int _known;

    /// <param name="key">Of the address.</param>
    /// <param name="since">A timestamp of the gate's clock.</param>
    /// <param name="end">Ends the connection from outside.</param>
    public ConnectionGuest(ConnectionGate gate, UInt128 key, long since, Action end)
    {
        (_gate, Key, Since, _end) = (gate, key, since, end);
        Place = new LinkedListNode<ConnectionGuest>(this);
    }

    public bool IsSilent => Volatile.Read(ref _spoken) == 0;

    internal UInt128 Key { get; }

    internal long Since { get; }

    /// <summary>Among the silent ones; the gate's.</summary>
    internal LinkedListNode<ConnectionGuest> Place { get; }

    /// <summary>It takes a place; the gate's.</summary>
    internal bool IsIn { get; set; } = true;

    /// <summary>Something whole has come: a request with all its headers, or a binding request with a name that was given out.</summary>
    public void Speak()
    {
        if (Interlocked.Exchange(ref _spoken, 1) == 0)
        {
            _gate.OnSpoken(this);
        }
    }

    /// <summary>Somebody with a ticket or an account is behind this connection: his address may use the places that are kept.</summary>
    public void BecomeKnown()
    {
        Speak();
        if (Interlocked.Exchange(ref _known, 1) == 0)
        {
            _gate.OnKnown(Key);
        }
    }

    public void Dispose() => _gate.OnGone(this);

    internal void End() => _end();
}
