using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>May somebody try a password now?</summary>
internal enum SignInChance
{
    Free,

    /// <summary>Too many wrong passwords for this name.</summary>
    NameLocked,

    /// <summary>Too many wrong passwords from this network within a minute.</summary>
    NetworkBusy,
}

/// <summary>
/// Counts wrong passwords by name and network. Names that exist and names that do not are counted alike, so that being locked tells nothing. A name is locked
/// for the network that guesses; only far more wrong tries lock it for all networks, so that a stranger cannot easily keep a lecturer out of a lesson. A right
/// password takes its try back. In memory: a restart forgets. Thread-safe; time is an argument.
/// </summary>
internal sealed class SignInTries(AccountsOptions options)
{
    /// <summary>Wrong tries from anywhere that lock a name for everybody, in multiples of <see cref="AccountsOptions.TriesBeforeLockOut"/>.</summary>
    private const int EverywhereFactor = 10;

    /// <summary>More entries than honest people make; the oldest give way.</summary>
    private const int MostEntries = 50_000;

    private static readonly TimeSpan NetworkWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Takes a try; it counts as wrong until <see cref="OnRight"/> takes it back, so that many at once are no way around.</summary>
    /// <param name="name">As typed; case and surrounding blanks do not count.</param>
    /// <param name="stamp">Changes with the password: a new one begins anew. Empty for names that do not exist.</param>
    public SignInChance TryBegin(string name, string stamp, IPAddress? address, DateTimeOffset now)
    {
        lock (_lock)
        {
            Count pair = Of(PairKey(name, stamp, address), options.LockOut, now), everywhere = Of(NameKey(name, stamp), options.LockOut, now);
            Count network = Of(NetworkKey(address), NetworkWindow, now);
            if (pair.Tries >= options.TriesBeforeLockOut || everywhere.Tries >= options.TriesBeforeLockOut * EverywhereFactor)
            {
                return SignInChance.NameLocked;
            }

            if (network.Tries >= options.SignInsPerMinute)
            {
                return SignInChance.NetworkBusy;
            }

            pair.Add(now);
            everywhere.Add(now);
            network.Add(now);
            return SignInChance.Free;
        }
    }

    /// <summary>Whether the next try would be refused for the name's sake; takes none.</summary>
    public bool IsLocked(string name, string stamp, IPAddress? address, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Of(PairKey(name, stamp, address), options.LockOut, now).Tries >= options.TriesBeforeLockOut
                || Of(NameKey(name, stamp), options.LockOut, now).Tries >= options.TriesBeforeLockOut * EverywhereFactor;
        }
    }

    public void OnRight(string name, string stamp, IPAddress? address)
    {
        lock (_lock)
        {
            _counts.Remove(PairKey(name, stamp, address));
            _counts.Remove(NameKey(name, stamp));
            if (_counts.TryGetValue(NetworkKey(address), out Count? network) && network.Tries > 0)
            {
                network.Tries--;
            }
        }
    }

    /// <summary>IPv6: a site has at least 64 bits of its own.</summary>
    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8)) : plain.ToString();
    }

    private static string NetworkKey(IPAddress? address) => "a " + NetworkOf(address);

    private static string NameKey(string name, string stamp) => $"n {name.Trim().ToUpperInvariant()} {stamp}";

    private static string PairKey(string name, string stamp, IPAddress? address) => $"p {NetworkOf(address)} {name.Trim().ToUpperInvariant()} {stamp}";

    private Count Of(string key, TimeSpan window, DateTimeOffset now)
    {
        if (!_counts.TryGetValue(key, out Count? count))
        {
            if (_counts.Count >= MostEntries)
            {
                foreach (string old in _counts.OrderBy(c => c.Value.Last).Take(MostEntries / 4).Select(c => c.Key).ToList())
                {
                    _counts.Remove(old);
                }
            }

            return _counts[key] = new Count { Last = now };
        }

        if (now - count.Last >= window || now < count.Last)
        {
            count.Tries = 0;
        }

        return count;
    }

    private sealed class Count
    {
        public int Tries { get; set; }

        /// <summary>The last try that was taken; a lock lasts from it.</summary>
        public DateTimeOffset Last { get; set; }

        public void Add(DateTimeOffset now) => (Tries, Last) = (Tries + 1, now);
    }
}
