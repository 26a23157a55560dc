using System.Globalization;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class UsageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(false, "--Hub:Port=8443")]
    [InlineData(false, "--config", "hub.json")]
    [InlineData(false, "demo", "--once")]
    [InlineData(true, "--help")]
    [InlineData(true, "help")]
    [InlineData(true, "claimcode")]
    [InlineData(true, "claim-code", "--help")]
    [InlineData(true, "claim-code", "-h", "--rooms", "free")]
    [InlineData(true, "/etc/county.json")]
    public void OnlyCommandsAndSettings_StartSomething(bool usage, params string[] arguments) =>
        Assert.Equal(usage, Usage.Is(HubArguments.Read(arguments), "demo", "claim-code"));

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("sede", 64)]
    [InlineData("claim-code --help", 0)]
    public void ItNamesTheCommands(string line, int exit)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), errors = new(CultureInfo.InvariantCulture);
        Assert.Equal(exit, Usage.Print(HubArguments.Read(line.Split(' ')), output, errors));
        Assert.Contains("claim-code", exit == 0 ? output.ToString() : errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("", exit == 0 ? errors.ToString() : output.ToString());
    }

    [Fact]
    public void AbsolutePath_IsAPath_AndSwallowsNoSetting()
    {
        var read = HubArguments.Read(["seed", "/srv/counties/青山县.json", "--config", "/etc/three-classrooms/hub.json", "--Hub:DataFolder=/var/lib/three-classrooms", "--first"]);
        Assert.Equal(("seed", "/srv/counties/青山县.json"), (read.Command, Assert.Single(read.Words)));
        Assert.Equal(["--config=/etc/three-classrooms/hub.json", "--Hub:DataFolder=/var/lib/three-classrooms", "--first=true"], read.Settings);
    }

    [Theory]
    [InlineData("--english", "en")]
    [InlineData("--chinese", "zh-CN")]
    public void LanguageAskedFor_IsTheConsoles(string argument, string culture) =>
        Assert.Equal(culture, HubArguments.Read(["claim-code", argument, "--rooms", "free"]).Language?.Name);
}
