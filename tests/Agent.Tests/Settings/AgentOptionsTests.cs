using System.Reflection;
using System.Text.Json;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Settings;

public class AgentOptionsTests
{
    private static readonly Dictionary<string, string?> None = [];

    [Fact]
    public void SeveralWrongValues_AreAllNamedAtOnce()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "agent.json");
        File.WriteAllText(
            file,
            """{"Agent":{"Hub":"ftp://x","Colour":"red","Capture":{"Source":"vhs","Width":"wide","FramesPerSecond":1000},"Playback":{"Mode":"Cinema"},"Recording":{"KeepDays":0}}}""");

        AgentOptionsReader.Read(file, None, out IReadOnlyList<string> faults);

        foreach (string name in new[] { "Hub", "Colour", "Capture:Source", "Capture:Width", "Capture:FramesPerSecond", "Playback:Mode", "Recording:KeepDays" })
        {
            Assert.Single(faults, f => f.StartsWith(name, StringComparison.Ordinal));
        }

        Assert.Equal(7, faults.Count);
    }

    [Fact]
    public void CommandLine_WinsOverTheFile()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "agent.json");
        File.WriteAllText(file, """{"Agent":{"Capture":{"Source":"none","VideoKbps":500}}}""");

        AgentOptions options = AgentOptionsReader.Read(file, new Dictionary<string, string?> { ["Agent:Capture:Source"] = "test", ["Agent:StatsFile"] = null }, out IReadOnlyList<string> faults);

        Assert.Empty(faults);
        Assert.Equal(("test", 500), (options.Capture.Source, options.Capture.VideoKbps));
    }

    [Theory]
    [InlineData("/nonexistent/agent.json", null)]
    [InlineData(null, "{ not json")]
    public void UnreadableFile_IsOneFault(string? path, string? content)
    {
        using var folder = new TemporaryFolder();
        string file = path ?? Path.Combine(folder.Path, "agent.json");
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        AgentOptionsReader.Read(file, None, out IReadOnlyList<string> faults);
        Assert.Single(faults);
    }

    [Fact]
    public void SampleFile_NamesEveryOption_WithItsDefault()
    {
        using JsonDocument sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "agent.json")));
        JsonElement section = sample.RootElement.GetProperty("Agent");
        AssertSame(section, new AgentOptions());
        AssertSame(section.GetProperty("Capture"), new CaptureOptions());
        AssertSame(section.GetProperty("Playback"), new PlaybackOptions());
        AssertSame(section.GetProperty("Recording"), new RecordingOptions());
    }

    private static void AssertSame(JsonElement section, object options)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties().Where(p => p.Name != "EqualityContract"))
        {
            Assert.True(section.TryGetProperty(property.Name, out JsonElement value), $"config/agent.json lacks {property.Name}");
            if (value.ValueKind != JsonValueKind.Object && property.Name != "Data")
            {
                Assert.Equal(property.GetValue(options)?.ToString() ?? "", value.ToString());
            }
        }
    }
}
