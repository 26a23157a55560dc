using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>Where media is received and how peers are told to reach it.</summary>
/// <param name="Listen">Address to bind; IPv6Any is dual-stack.</param>
/// <param name="Port">UDP port of the first loop, and TCP port of framed media.</param>
/// <param name="PublicPort">Port in candidates.</param>
/// <param name="Addresses">Addresses in candidates, preferred first.</param>
/// <param name="Tcp">Candidates for media over TCP are offered.</param>
internal sealed record MediaEndpoint(IPAddress Listen, int Port, int PublicPort, IReadOnlyList<IPAddress> Addresses, bool Tcp)
{
    private const int MaxAddresses = 8;

    /// <param name="listen">0.0.0.0 and :: both mean every interface and both families.</param>
    /// <param name="configured">Empty: this machine's own addresses.</param>
    /// <param name="offerLoopback">Peers on this machine may come by the loopback address.</param>
    public static MediaEndpoint Create(
        IPAddress listen, int port, int publicPort, IReadOnlyList<string> configured, bool tcp, bool offerLoopback)
    {
        bool all = listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);
        IReadOnlyList<IPAddress> addresses = configured.Count > 0 ? [.. configured.Select(IPAddress.Parse)]
            : all ? [.. OwnAddresses(offerLoopback).Take(MaxAddresses)]
            : [listen];
        return new MediaEndpoint(all ? IPAddress.IPv6Any : listen, port, publicPort == 0 ? port : publicPort, addresses, tcp);
    }

    /// <summary>Whether there is a port number for this loop, here and where peers see it.</summary>
    public bool HasPort(int loop) => Port + loop <= IPEndPoint.MaxPort && PublicPort + loop <= IPEndPoint.MaxPort;

    /// <summary>As they stand in every answer: all UDP, then all TCP.</summary>
    /// <param name="loop">The loop that the lesson lives on: its UDP port is so many behind the first one's; TCP comes by the first one's for all.</param>
    public IReadOnlyList<IceCandidate> Candidates(int loop)
    {
        var candidates = new List<IceCandidate>();
        for (int i = 0; i < Addresses.Count; i++)
        {
            candidates.Add(IceCandidate.HostUdp(SocketAddressBytes.From(new IPEndPoint(Addresses[i], PublicPort + loop)), i));
        }

        for (int i = 0; i < Addresses.Count && Tcp; i++)
        {
            candidates.Add(IceCandidate.HostTcpPassive(SocketAddressBytes.From(new IPEndPoint(Addresses[i], PublicPort)), i));
        }

        return candidates;
    }

    private static IEnumerable<IPAddress> OwnAddresses(bool loopback)
    {
        IEnumerable<IPAddress> own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(u => u.Address)
            .Where(a => !a.IsIPv6LinkLocal && !a.IsIPv6Teredo && !IPAddress.IsLoopback(a) && !IsLinkLocal(a))
            .OrderBy(a => a.AddressFamily == AddressFamily.InterNetworkV6)
            .ToList();
        IEnumerable<IPAddress> here = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return loopback || !own.Any() ? here.Concat(own) : own;
    }

    private static bool IsLinkLocal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];
}
