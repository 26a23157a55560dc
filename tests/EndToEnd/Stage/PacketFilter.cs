using System.Globalization;
using System.Net;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>Rules of the kernel's packet filter for incoming packets of this machine, in a table of their own, gone with <see cref="DisposeAsync"/>. Needs root.</summary>
internal sealed class PacketFilter : IAsyncDisposable
{
    private readonly string _table;

    private PacketFilter(string table) => _table = table;

    public static Task<PacketFilter> BlockUdpAsync(int port) => AddAsync($"udp dport {port} counter drop", $"udp sport {port} counter drop");

    /// <summary>Loses packets at random, each with the same probability, to and from a port.</summary>
    public static Task<PacketFilter> LoseUdpAsync(int port, int percent) =>
        AddAsync($"udp dport {port} numgen random mod 100 < {percent} counter drop", $"udp sport {port} numgen random mod 100 < {percent} counter drop");

    /// <summary>Nothing goes to or comes from one of this machine's addresses.</summary>
    public static Task<PacketFilter> CutOffAsync(IPAddress address) => AddAsync($"ip daddr {address} counter drop", $"ip saddr {address} counter drop");

    /// <summary>How many packets the rules have taken.</summary>
    public async Task<long> TakenAsync() =>
        (await RunAsync("list", "table", "inet", _table)).SelectMany(l => l.Split("packets ").Skip(1)).Sum(rest => long.Parse(rest.Split(' ')[0], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync() => await RunAsync("delete", "table", "inet", _table);

    private static async Task<PacketFilter> AddAsync(params string[] rules)
    {
        string table = $"three_classrooms_{Guid.NewGuid():N}";
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, $"table inet {table} {{\n chain input {{\n type filter hook input priority 0; policy accept;\n {string.Join("\n ", rules)}\n }}\n}}\n");
            await RunAsync("-f", file);
            return new PacketFilter(table);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<IReadOnlyCollection<string>> RunAsync(params string[] arguments)
    {
        using ChildProcess nft = ChildProcess.Start("nft", arguments);
        await nft.ExitAsync(TimeSpan.FromSeconds(10));
        return nft.ExitCode == 0
            ? nft.Lines
            : throw new InvalidOperationException($"nft {string.Join(' ', arguments)} failed; this story needs root and the nftables package.\n{nft.Tail()}");
    }
}
