using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Simulation;

/// <summary>What the agent's own judgement says of made-up hardware.</summary>
public sealed class SimulatedMachineTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(9);

    [Theory]
    [InlineData(DeviceRole.Main)]
    [InlineData(DeviceRole.Receiving)]
    public void WellMachine_HasNoFault_AtAnyTime(DeviceRole role)
    {
        for (int number = 1; number <= 60; number++)
        {
            var machine = new SimulatedMachine(number, role, FaultPlan.Nothing);
            for (int hours = 0; hours < 30; hours += 7)
            {
                Assert.Empty(Faults(machine, TimeSpan.FromHours(hours)));
            }
        }
    }

    [Theory]
    [InlineData(SimulatedFault.Camera, FaultKind.CameraMissing)]
    [InlineData(SimulatedFault.Screen, FaultKind.DisplayMissing)]
    [InlineData(SimulatedFault.Disk, FaultKind.DiskNearlyFull)]
    [InlineData(SimulatedFault.Hot, FaultKind.ProcessorHot)]
    [InlineData(SimulatedFault.Black, FaultKind.PictureBlack)]
    [InlineData(SimulatedFault.Frozen, FaultKind.PictureFrozen)]
    internal void PlannedFault_IsFoundByTheAgent_AndGoes(SimulatedFault planned, FaultKind found)
    {
        var plan = new FaultPlan([new FaultSpan(planned, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(30), null)]);
        for (int number = 1; number <= 60; number++)
        {
            var machine = new SimulatedMachine(number, DeviceRole.Receiving, plan);
            Assert.Empty(Faults(machine, TimeSpan.FromMinutes(1)));
            Assert.Equal([found], Faults(machine, Now));
            Assert.Empty(Faults(machine, TimeSpan.FromMinutes(33)));
        }
    }

    [Fact]
    public void SilenceAndLoss_AreInTheReadings_AndGo()
    {
        var plan = new FaultPlan(
            [new FaultSpan(SimulatedFault.Silent, TimeSpan.Zero, TimeSpan.FromMinutes(10), null), new FaultSpan(SimulatedFault.Loss, TimeSpan.Zero, TimeSpan.FromMinutes(10), null)]);
        var machine = new SimulatedMachine(3, DeviceRole.Main, plan);
        Assert.True(machine.Level(Now) < -60);
        Assert.True(machine.Loss(Now) > 5);
        Assert.True(machine.Level(TimeSpan.FromMinutes(11)) > -40);
        Assert.True(machine.Loss(TimeSpan.FromMinutes(11)) < 1);
        Assert.Null(new SimulatedMachine(3, DeviceRole.Receiving, FaultPlan.Nothing).Level(Now)); // its microphone is closed
    }

    [Fact]
    public void Load_IsThatOfAMachineAtEase()
    {
        for (int number = 1; number <= 30; number++)
        {
            var machine = new SimulatedMachine(number, DeviceRole.Main, FaultPlan.Nothing);
            for (int minute = 0; minute < 300; minute += 13)
            {
                double load = machine.Read(TimeSpan.FromMinutes(minute + 1)).Times!.PercentSince(machine.Read(TimeSpan.FromMinutes(minute)).Times!)!.Value;
                Assert.InRange(load, 1, 35);
            }
        }
    }

    private static IReadOnlySet<FaultKind> Faults(SimulatedMachine machine, TimeSpan at)
    {
        MachineReadings read = machine.Read(at);
        return PartJudge.Faults(PartJudge.Judge(read, machine.Wanted, machine.Flow(at), new HubDistance(null, null), new HashSet<FaultKind>()));
    }
}
