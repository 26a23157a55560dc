using ThreeClassrooms.Agent.Simulation;

namespace ThreeClassrooms.Agent.Tests.Simulation;

public sealed class FaultScriptTests
{
    [Fact]
    public void Demonstration_CanBeRead_AndHasEveryFault()
    {
        FaultScript script = FaultScript.Read(FaultScript.Demonstration, out int fault)!;
        Assert.Equal(0, fault);
        Assert.Equal(Enum.GetValues<SimulatedFault>(), script.Lines.Select(l => l.Fault).Distinct().Order());
    }

    [Fact]
    public void Line_SaysWhatHowManyWhenAndHowLong()
    {
        FaultLine line = Assert.Single(FaultScript.Read("\n# all of it\ncamera 2.5% 30s..4m 1.5h 2h # unplugged\r\n", out _)!.Lines);
        Assert.Equal(
            new FaultLine(SimulatedFault.Camera, 2.5, 0, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(90), TimeSpan.FromHours(2)), line);
        line = Assert.Single(FaultScript.Read("Offline\t3\t0s\t45s", out _)!.Lines);
        Assert.Equal(new FaultLine(SimulatedFault.Offline, null, 3, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(45), null), line);
    }

    [Theory]
    [InlineData("camera 2% 1m")]
    [InlineData("camera 2% 1m 5m 10m 15m")]
    [InlineData("kettle 2% 1m 5m")]
    [InlineData("0 2% 1m 5m")]
    [InlineData("-1 2% 1m 5m")]
    [InlineData("camera 0% 1m 5m")]
    [InlineData("camera 101% 1m 5m")]
    [InlineData("camera -1 1m 5m")]
    [InlineData("camera 0 1m 5m")]
    [InlineData("camera 2% 1 5m")]
    [InlineData("camera 2% 5m..1m 5m")]
    [InlineData("camera 2% 1m..2m..3m 5m")]
    [InlineData("camera 2% 1m 0s")]
    [InlineData("camera 2% 1m 10m 5m")]
    [InlineData("camera 2% 1m 5d")]
    [InlineData("camera 2% 1m NaNs")]
    [InlineData("camera 2% 1m 1e300h")]
    public void OtherLine_IsNamed(string line)
    {
        Assert.Null(FaultScript.Read($"hot 1 1m 5m\n\n{line}\n", out int fault));
        Assert.Equal(3, fault);
    }

    [Fact]
    public void SameSeed_DealsTheSameFaults_AnotherOneOthers()
    {
        FaultScript script = FaultScript.Read(FaultScript.Demonstration, out _)!;
        string[] first = Told(script.Deal(200, 7)), again = Told(script.Deal(200, 7)), other = Told(script.Deal(200, 8));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        static string[] Told(IEnumerable<FaultPlan> plans) => [.. plans.Select(p => string.Join(' ', p.Spans))];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void EveryLine_FallsToItsShare_AndToDifferentDevicesFirst(int devices)
    {
        IReadOnlyList<FaultPlan> plans = FaultScript.Read("camera 2% 1m 5m\nhot 4 1m..2m 5m\ndisk 10% 0s 5m", out _)!.Deal(devices, 3);
        Assert.Equal(Math.Max(1, devices / 50), plans.Count(p => p.Has(SimulatedFault.Camera)));
        Assert.Equal(Math.Min(4, devices), plans.Count(p => p.Has(SimulatedFault.Hot)));
        Assert.Equal(plans.Sum(p => p.Spans.Count), Math.Max(1, devices / 50) + Math.Min(4, devices) + Math.Max(1, (int)Math.Round(devices * 0.1)));
        int most = plans.Max(p => p.Spans.Count), least = plans.Min(p => p.Spans.Count);
        Assert.True(most - least <= 1, $"{least} to {most} on one device");
    }

    [Fact]
    public void Span_ComesGoesAndComesAgain()
    {
        var span = new FaultSpan(SimulatedFault.Hot, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
        var plan = new FaultPlan([span]);
        int[] holds = [.. Enumerable.Range(0, 60).Where(s => plan.Holds(SimulatedFault.Hot, TimeSpan.FromSeconds(s)))];
        Assert.Equal([10, 11, 12, 13, 14, 30, 31, 32, 33, 34, 50, 51, 52, 53, 54], holds);
        Assert.Equal(TimeSpan.FromSeconds(3), plan.HeldFor(SimulatedFault.Hot, TimeSpan.FromSeconds(33)));
        Assert.False(plan.Holds(SimulatedFault.Disk, TimeSpan.FromSeconds(12)));
        Assert.Null((span with { Every = null }).HeldAt(TimeSpan.FromSeconds(32)));
    }
}
