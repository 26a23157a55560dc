using System.Globalization;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class UsageTests(HubHost host) : IClassFixture<HubHost>
{
    [Theory]
    [InlineData(false)]
    [InlineData(false, "--Hub:Port=8443")]
    [InlineData(false, "--config", "hub.json")]
    [InlineData(false, "demo", "--once")]
    [InlineData(true, "--help")]
    [InlineData(true, "help")]
    [InlineData(true, "claimcode")]
    public void OnlyCommandsAndSettings_StartSomething(bool usage, params string[] arguments) => Assert.Equal(usage, Usage.Is(arguments, "demo", "claim-code"));

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("sede", 64)]
    public async Task ItNamesTheCommands(string word, int exit)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), errors = new(CultureInfo.InvariantCulture);
        Assert.Equal(exit, await host.WithAsync<Text, int>(text => Task.FromResult(Usage.Print([word], text, output, errors))));
        Assert.Contains("claim-code", exit == 0 ? output.ToString() : errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("", exit == 0 ? errors.ToString() : output.ToString());
    }
}
