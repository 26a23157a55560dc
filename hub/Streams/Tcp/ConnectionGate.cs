using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>Why a TCP connection was not let in.</summary>
internal enum GateRefusal
{
    /// <summary>As many are open as the machine's descriptors allow, or as are left to those who are not known.</summary>
    Full,

    /// <summary>Too many are open from this address.</summary>
    AddressFull,

    /// <summary>Too many have not said anything whole yet.</summary>
    TooManySilent,

    /// <summary>Too many from this address have not said anything whole yet.</summary>
    AddressTooSilent,
}

/// <summary>How many TCP connections the hub's port takes at once.</summary>
/// <param name="Open">In all.</param>
/// <param name="OpenPerAddress">From one address (IPv6: one /64); does not hold for this machine itself, where a reverse proxy may stand.</param>
/// <param name="Silent">That have not said anything whole yet: a request, or a binding request with a name that was given out.</param>
/// <param name="SilentPerAddress">As <see cref="Silent"/>, from one address.</param>
internal sealed record GateLimits(int Open, int OpenPerAddress, int Silent, int SilentPerAddress);

/// <summary>
/// Counts the TCP connections of the hub's port, so that a flood takes neither memory nor descriptors from lessons. A quarter of all places is kept for
/// addresses from which somebody has shown a ticket or signed in. Thread-safe.
/// </summary>
internal sealed class ConnectionGate(GateLimits limits, TimeProvider time)
{
    private const int RememberedAddresses = 8192;

    /// <summary>Who has been silent for so long gives up his place to a newcomer; the honest speak at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Count> _byAddress = [];
    private readonly HashSet<UInt128> _known = [];
    private readonly LinkedList<ConnectionGuest> _silentOnes = []; // the oldest first
    private int _open;
    private int _silent;

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Of these, the ones that have not said anything whole yet.</summary>
    public int Silent => Volatile.Read(ref _silent);

    /// <summary>Lets a connection in.</summary>
    /// <param name="end">Ends the connection from outside.</param>
    /// <param name="guest">To dispose at the connection's end; null when it is refused.</param>
    /// <returns>Why it is refused; null: it is in.</returns>
    public GateRefusal? TryEnter(IPAddress from, Action end, out ConnectionGuest? guest)
    {
        UInt128 key = KeyOf(from);
        bool here = IPAddress.IsLoopback(from);
        ConnectionGuest? shown = null;
        GateRefusal? refused;
        lock (_lock)
        {
            if (_silent >= limits.Silent && _silentOnes.First is { Value: var oldest } && time.GetElapsedTime(oldest.Since) >= Patience)
            {
                shown = oldest;
                Remove(oldest);
            }

            Count count = _byAddress.GetValueOrDefault(key);
            int places = here || _known.Contains(key) ? limits.Open : limits.Open - (limits.Open / 4);
            GateRefusal? refusal = _open >= places ? GateRefusal.Full
                : !here && count.Open >= limits.OpenPerAddress ? GateRefusal.AddressFull
                : _silent >= limits.Silent ? GateRefusal.TooManySilent
                : !here && count.Silent >= limits.SilentPerAddress ? GateRefusal.AddressTooSilent
                : null;
            guest = refusal is null ? new ConnectionGuest(this, key, time.GetTimestamp(), end) : null;
            if (guest is not null)
            {
                Add(key, 1, 1);
                _silentOnes.AddLast(guest.Place);
            }

            refused = refusal;
        }

        shown?.End();
        return refused;
    }

    internal void OnSpoken(ConnectionGuest guest)
    {
        lock (_lock)
        {
            if (guest.Place.List is not null)
            {
                _silentOnes.Remove(guest.Place);
                Add(guest.Key, 0, -1);
            }
        }
    }

    internal void OnKnown(UInt128 key)
    {
        lock (_lock)
        {
            if (_known.Count >= RememberedAddresses)
            {
                _known.Clear(); // who is inside is known again with his next request
            }

            _known.Add(key);
        }
    }

    internal void OnGone(ConnectionGuest guest)
    {
        lock (_lock)
        {
            Remove(guest);
        }
    }

    private void Remove(ConnectionGuest guest)
    {
        if (guest.IsIn)
        {
            guest.IsIn = false;
            bool silent = guest.Place.List is not null;
            if (silent)
            {
                _silentOnes.Remove(guest.Place);
            }

            Add(guest.Key, -1, silent ? -1 : 0);
        }
    }

    private void Add(UInt128 key, int open, int silent)
    {
        _open += open;
        _silent += silent;
        Count count = _byAddress.GetValueOrDefault(key);
        count = new Count(count.Open + open, count.Silent + silent);
        if (count.Open == 0)
        {
            _byAddress.Remove(key);
        }
        else
        {
            _byAddress[key] = count;
        }
    }

    /// <summary>A household has a /64 to itself: what counts is the network.</summary>
    private static UInt128 KeyOf(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (v6)
        {
            bytes[8..].Clear();
            bytes[15] = 6;
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private readonly record struct Count(int Open, int Silent);
}
