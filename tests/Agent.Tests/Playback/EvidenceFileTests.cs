using System.Text.Json;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Playback;

public class EvidenceFileTests
{
    [Fact]
    public void LineCutByACrash_IsRemoved_AndNumbersGoOn()
    {
        using var folder = new TemporaryFolder();
        Guid lesson = Guid.NewGuid();
        new EvidenceFile(folder.Path, TimeProvider.System).Append(lesson, "r1", "joined", 3, DateTimeOffset.UnixEpoch);
        string path = Directory.GetFiles(Path.Combine(folder.Path, "evidence")).Single();
        File.AppendAllText(path, "{\"sequence\":2,\"ev");

        new EvidenceFile(folder.Path, TimeProvider.System).Append(lesson, "r1", "stage", 3, DateTimeOffset.UnixEpoch, detail: "Live");

        EvidenceLine[] lines = [.. File.ReadAllLines(path).Select(l => JsonSerializer.Deserialize<EvidenceLine>(l, Wire.Json)!)];
        Assert.Equal([1L, 2L], lines.Select(l => l.Sequence));
        Assert.Equal(["joined", "stage"], lines.Select(l => l.Kind));
    }
}
