using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

public class MicrophoneGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    private static readonly Guid Lesson = Guid.NewGuid();

    [Fact]
    public void LecturerMutesOnThePage_TheMainDeviceFollows_AndOpensAgainWhenItIsTakenBackThere()
    {
        var gate = new MicrophoneGate(DeviceRole.Main, muted: false);
        Assert.False(gate.OnSeat(Lesson, Seat(muted: true), Now));
        Assert.True(gate.Muted);
        Assert.False(gate.MutedHere);
        Assert.False(gate.OnSeat(Lesson, Seat(muted: false), Now.AddSeconds(1)));
        Assert.False(gate.Muted);
    }

    [Fact]
    public void MutedAtTheMainDevice_ThePageDoesNotOpenIt_AndTheHubIsTold()
    {
        var gate = new MicrophoneGate(DeviceRole.Main, muted: false);
        gate.OnMutedHere();
        Assert.True(gate.OnSeat(Lesson, Seat(muted: false), Now));
        Assert.False(gate.OnSeat(Lesson, Seat(muted: true) with { MutedAtDevice = true }, Now));
        Assert.True(gate.Muted);
        gate.OnUnmuteAsked();
        gate.OnUnmutedHere(Now);
        Assert.False(gate.Muted);
    }

    [Theory]
    [InlineData(DeviceRole.Main)]
    [InlineData(DeviceRole.Receiving)]
    public void LecturersMute_IsNotCarriedIntoTheNextLesson(DeviceRole role)
    {
        var gate = new MicrophoneGate(role, muted: false);
        gate.OnSeat(Lesson, Seat(muted: true), Now);
        Assert.True(gate.Muted);
        Assert.False(gate.OnSeat(Guid.NewGuid(), Seat(muted: false), Now.AddHours(1)));
        Assert.False(gate.Muted);
    }

    [Fact]
    public void MutedRoom_StaysMuted_WhenTheHubTakesItForOpen_AndSaysSo()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
        Assert.True(gate.OnSeat(Lesson, Seat(muted: false), Now));
        Assert.True(gate.Muted);
    }

    [Fact]
    public void LecturerMutes_TheRoomIsMuted()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: false);
        gate.OnSeat(Lesson, Seat(muted: true), Now);
        Assert.True(gate.Muted);
    }

    [Fact]
    public void UnmutedHere_AnOlderSnapshotDoesNotMuteAgain_ALaterOneDoes()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
        gate.OnUnmuteAsked();
        gate.OnUnmutedHere(Now);
        gate.OnSeat(Lesson, Seat(muted: true), Now.AddSeconds(1));
        Assert.False(gate.Muted);

        gate.OnSeat(Lesson, Seat(muted: false), Now.AddSeconds(1.5));
        gate.OnSeat(Lesson, Seat(muted: true), Now.AddSeconds(2));
        Assert.True(gate.Muted);
    }

    [Fact]
    public void UnmuteUnderWay_TheHubsSnapshotComesBeforeItsAnswer_TheHubIsNotToldToMute()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
        gate.OnUnmuteAsked();
        Assert.False(gate.OnSeat(Lesson, Seat(muted: false), Now));
        gate.OnUnmutedHere(Now);
        Assert.False(gate.Muted);
    }

    [Fact]
    public void UnmuteRefused_ItStaysMuted_AndAHubThatTakesItForOpenIsTold()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
        gate.OnUnmuteAsked();
        gate.OnUnmuteRefused();
        Assert.True(gate.OnSeat(Lesson, Seat(muted: false), Now));
        Assert.True(gate.Muted);
    }

    [Fact]
    public void MutedWhileAnUnmuteIsUnderWay_ItStaysMuted_AndTheHubIsTold()
    {
        var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
        gate.OnUnmuteAsked();
        gate.OnMutedHere();
        gate.OnUnmutedHere(Now);
        Assert.True(gate.Muted);
        Assert.True(gate.OnSeat(Lesson, Seat(muted: false), Now));
    }

    [Fact]
    public void WhateverTheHubSays_OnlyUnmutingHereOpens()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), says =>
        {
            var gate = new MicrophoneGate(DeviceRole.Receiving, muted: true);
            for (int i = 0; i < says.Length; i++)
            {
                gate.OnSeat(Lesson, Seat(says[i]), Now.AddSeconds(i));
            }

            return gate.Muted;
        }).QuickCheckThrowOnFailure();
    }

    private static SeatState Seat(bool muted) => Lessons.Seat("r1", SeatRole.Receiving, [], muted);
}
