using System.Collections.Concurrent;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>
/// Which connection a datagram on the shared port belongs to: by its address; a STUN request by the user name in it, because
/// that is what connects an address to a connection in the first place. Belongs to the loop.
/// </summary>
internal sealed class Demultiplexer
{
    // Host, reflexive and TCP pairs of one peer; an attacker who knows a user name must not fill the table.
    private const int MaxAddressesPerConnection = 16;
    private const int MaxUfrag = 256;

    private readonly Dictionary<TransportAddress, MediaConnection> _byAddress = [];
    private readonly ConcurrentDictionary<string, MediaConnection> _byUfrag = new(StringComparer.Ordinal); // also asked by those who accept TCP
    private readonly ConcurrentDictionary<string, MediaConnection>.AlternateLookup<ReadOnlySpan<char>> _byUfragSpan;

    public Demultiplexer() => _byUfragSpan = _byUfrag.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Addresses => _byAddress.Count;

    /// <summary>From any thread.</summary>
    public bool Knows(ReadOnlySpan<char> ufrag) => _byUfragSpan.ContainsKey(ufrag);

    public void Add(MediaConnection connection) => _byUfrag[connection.Ufrag] = connection;

    public void Rename(MediaConnection connection, string ufrag)
    {
        _byUfrag.TryRemove(connection.Ufrag, out _);
        connection.Ufrag = ufrag;
        _byUfrag[ufrag] = connection;
    }

    public void Remove(MediaConnection connection)
    {
        _byUfrag.TryRemove(connection.Ufrag, out _);
        foreach (TransportAddress address in connection.Addresses)
        {
            if (_byAddress.TryGetValue(address, out MediaConnection? owner) && owner == connection)
            {
                _byAddress.Remove(address);
            }
        }

        connection.Addresses.Clear();
    }

    /// <summary>Forgets an address that is gone for good (a closed TCP connection).</summary>
    public void Forget(in TransportAddress address)
    {
        if (_byAddress.Remove(address, out MediaConnection? connection))
        {
            connection.Addresses.Remove(address);
        }
    }

    public MediaConnection? Find(ReadOnlySpan<byte> datagram, in TransportAddress from)
    {
        if (datagram.Length > 0 && datagram[0] <= 3)
        {
            Span<char> ufrag = stackalloc char[MaxUfrag];
            if (StunDemux.TryReadUfrag(datagram, ufrag, out int length) && _byUfragSpan.TryGetValue(ufrag[..length], out MediaConnection? named))
            {
                return named;
            }
        }

        return _byAddress.GetValueOrDefault(from);
    }

    /// <summary>A check from this address was authenticated: what comes from there belongs to the connection from now on.</summary>
    public void Learn(MediaConnection connection, in TransportAddress from)
    {
        if (_byAddress.TryGetValue(from, out MediaConnection? owner))
        {
            if (owner == connection)
            {
                return;
            }

            owner.Addresses.Remove(from);
        }

        if (connection.Addresses.Count >= MaxAddressesPerConnection)
        {
            _byAddress.Remove(connection.Addresses[0]);
            connection.Addresses.RemoveAt(0);
        }

        _byAddress[from] = connection;
        connection.Addresses.Add(from);
    }
}
