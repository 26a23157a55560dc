using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class BadConfigurationTests
{
    [Fact]
    public async Task SeveralWrongValues_AreAllNamed_AndNothingIsStartedOrCreated()
    {
        string folder = Path.Combine(Path.GetTempPath(), "hub-bad-" + Guid.NewGuid().ToString("N"));
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string arg in new[]
        {
            typeof(HubOptions).Assembly.Location, "--Hub:DataFolder", folder, "--Hub:Port", "70000", "--Hub:TimeZone", "Mars/Olympus",
            "--Lessons:OpenBefore", "9.00:00:00", "--Devices:WrongTries", "many", "--Storage:Provider", "Oracle", "--Hub:Prot", "8443",
        })
        {
            start.ArgumentList.Add(arg);
        }

        using Process hub = Process.Start(start)!;
        string output = await hub.StandardOutput.ReadToEndAsync(), errors = await hub.StandardError.ReadToEndAsync();
        await hub.WaitForExitAsync();
        Assert.Equal(HostingFeature.BadConfiguration, hub.ExitCode);
        foreach (string named in new[]
        {
            "Hub:Port: '70000' is not a number from 1 to 65535", "Hub:TimeZone", "Lessons:OpenBefore", "00:01:00 to 01:00:00", "Devices:WrongTries: 'many'",
            "Storage:Provider: 'Oracle' is not one of Sqlite, Postgres", "Hub:Prot: there is no such option",
        })
        {
            Assert.Contains(named, errors, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("listening", output, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void ShippedHubJson_NamesEveryOptionWithItsDefault()
    {
        using JsonDocument sample = JsonDocument.Parse(File.ReadAllText(Shipped("hub.json")));
        foreach ((string section, Type type) in HubSettings.Sections)
        {
            Assert.True(sample.RootElement.TryGetProperty(section, out JsonElement shown), $"section {section} is missing in hub.json");
            object defaults = Activator.CreateInstance(type)!;
            foreach (PropertyInfo option in type.GetProperties().Where(p => p.CanWrite))
            {
                Assert.True(shown.TryGetProperty(option.Name, out JsonElement value), $"{section}:{option.Name} is missing in hub.json");
                if (value.ValueKind != JsonValueKind.Array)
                {
                    Assert.Equal(
                        Convert.ToString(option.GetValue(defaults), System.Globalization.CultureInfo.InvariantCulture), Text(value), ignoreCase: true);
                }
            }
        }
    }

    [Fact]
    public void ShippedFiles_AreAcceptedAsTheyAre()
    {
        List<string> faults = [];
        HubSettings.Read(new ConfigurationBuilder().AddJsonFile(Shipped("hub.json")).Build(), faults);
        Assert.NotNull(CreditPolicyFile.Read(Shipped("credit-policy.json"), faults));
        Assert.NotNull(CreditPolicyFile.Read(Shipped("demo-credit-policy.json"), faults));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("dedicated")]
    [InlineData("masterTeacher")]
    public void LecturersRatioUnderTheFloor_IsRefusedAndTheRuleNamed(string mode)
    {
        string file = Path.GetTempFileName();
        string policy = File.ReadAllText(Shipped("credit-policy.json"));
        int at = policy.IndexOf("1.50", policy.IndexOf($"\"{mode}\"", StringComparison.Ordinal), StringComparison.Ordinal);
        File.WriteAllText(file, policy[..at] + "1.49" + policy[(at + 4)..]);
        List<string> faults = [];
        Assert.Null(CreditPolicyFile.Read(file, faults));
        string fault = Assert.Single(faults);
        Assert.Contains($"ratios.{mode}.lecturer: 1.49", fault, StringComparison.Ordinal);
        Assert.Contains("不低于1:1.5", fault, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void EveryFaultOfAPolicy_IsNamedAtOnce()
    {
        List<string> faults = [];
        CreditPolicy good = CreditPolicyFile.Read(Shipped("credit-policy.json"), faults)!;
        CreditPolicy bad = good with
        {
            Quorum = 0,
            Bridge = TimeSpan.FromHours(1),
            ValidShareOfPeriod = 1.2m,
            Ratios = good.Ratios.Where(r => r.Key != LessonMode.Networked).ToDictionary(),
        };
        Assert.Equal(4, CreditPolicyFile.FaultsOf(bad).Count());
    }

    private static string Shipped(string name) => Path.Combine(AppContext.BaseDirectory, "config", name);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String && TimeSpan.TryParse(value.GetString(), out TimeSpan time)
        ? time.ToString()
        : value.ToString();
}
