using Microsoft.Extensions.Configuration;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

public sealed class MqttOptionsTests
{
    [Fact]
    public void ExternalBroker_NeedsItsUsers_AndTlsUnlessItIsOnThisMachine()
    {
        Assert.Equal(
            ["AdminPassword", "AdminUsername", "CaFile", "Password", "Port", "Username"],
            Faults(("Mode", "External"), ("Host", "broker.county"), ("Port", "0")));
        Assert.Equal(
            ["AdminUsername"],
            Faults(("Mode", "External"), ("Host", "127.0.0.1"), ("Username", "hub"), ("Password", "p"), ("AdminUsername", "hub"), ("AdminPassword", "p")));
        Assert.Empty(Faults(("Mode", "External"), ("Host", "localhost"), ("Username", "hub"), ("Password", "p"), ("AdminUsername", "admin"), ("AdminPassword", "p")));
    }

    [Fact]
    public void WrongValues_AreNamed() =>
        Assert.Equal(["Listen", "Mode", "Port", "Program"], Faults(("Mode", "Cloud"), ("Port", "70000"), ("Listen", "everywhere"), ("Program", "/no/such/program")));

    private static List<string> Faults(params (string Key, string Value)[] values)
    {
        List<string> faults = [];
        HubSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => "Mqtt:" + v.Key, v => (string?)v.Value)).Build(), faults);
        return [.. faults.Select(f => f.Split(':')[1]).Order(StringComparer.Ordinal)];
    }
}
