using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>What holds whatever devices do, whenever.</summary>
public sealed class RolloutCourseProperties
{
    private static readonly (CommandState, string?)[] Answers =
    [
        (CommandState.Done, null), (CommandState.Done, null), (CommandState.Done, null), (CommandState.Failed, UpdateReasons.Download), (CommandState.Failed, UpdateReasons.InLesson),
        (CommandState.Failed, UpdateReasons.NotReplaceable), (CommandState.Expired, CommandReasons.NotReached), (CommandState.Expired, CommandReasons.NoAnswer),
        (CommandState.Expired, CommandReasons.NoResult), (CommandState.Cancelled, null),
    ];

    private static readonly Arbitrary<(int[] Stages, int AtOnce, (int Minutes, int Device, int What)[] Events)> AnyPlay = (
        from stages in Gen.Choose(1, 6).ArrayOf(3)
        from atOnce in Gen.Choose(1, 4)
        from events in (from minutes in Gen.Choose(0, 15) from device in Gen.Choose(0, 17) from what in Gen.Choose(0, 15) select (minutes, device, what)).ArrayOf(120)
        select (stages.Length == 0 ? [2] : stages, atOnce, events)).ToArbitrary();

    [Fact]
    public void NeverTooManyAtOnce_NeverALaterStageFirst_TheThresholdStops_ARestartChangesNothing() => Prop.ForAll(AnyPlay, any =>
    {
        var fleet = new PlayedFleet(any.Stages);
        fleet.Course = fleet.Course with { Plan = fleet.Course.Plan with { AtOnce = any.AtOnce } };
        int count = fleet.Course.Members.Length;
        foreach ((int minutes, int device, int what) in any.Events)
        {
            Happen(fleet, $"d{device % count}", what);
            RolloutCourse before = fleet.Course;
            IReadOnlyList<string> asked = fleet.Step(minutes);
            Assert.True(fleet.Course.Members.Count(m => m.State == MemberState.Asked) <= Math.Max(any.AtOnce, before.Members.Count(m => m.State == MemberState.Asked)));
            Assert.All(asked, id => Assert.True(fleet.Member(id).Stage <= fleet.Course.Stage && fleet[id] is { Online: true, InLesson: false, Gone: false }));
            Assert.True(fleet.Course.Stage - before.Stage is 0 or 1);
            Assert.True(fleet.Course.Stage == before.Stage || !before.Members.Any(m => m.Stage < fleet.Course.Stage && m.State == MemberState.Waiting && fleet[m.DeviceId].Online && !Settled(fleet, m)));
            Assert.True(!Enumerable.Range(0, any.Stages.Length).Any(fleet.Course.IsTooMuch) || !fleet.Course.Asks);
            Assert.True(asked.Count == 0 || fleet.Course.Asks);
            Assert.Equal(fleet.Course.State == RolloutState.Stopped, fleet.Course.StoppedFor is not null);

            // The rows hold all that counts: read again they give the same course, and the same step does nothing twice.
            RolloutCourse again = fleet.Course.Step(id => fleet[id], true, fleet.Now, out IReadOnlyList<string> twice);
            Assert.True(twice.Count == 0 || fleet.Course.Stage != again.Stage || fleet.Course.State != again.State);
            Assert.All(fleet.Course.Members.Zip(again.Members), m => Assert.True(m.First.State == m.Second.State || twice.Contains(m.First.DeviceId)));
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void WhateverHappened_WhenDevicesAnswerAndPeopleGoOn_EveryDeviceEndsSomewhere() => Prop.ForAll(AnyPlay, any =>
    {
        var fleet = new PlayedFleet(any.Stages);
        foreach ((int minutes, int device, int what) in any.Events.Take(40))
        {
            Happen(fleet, $"d{device % fleet.Course.Members.Length}", what);
            fleet.Step(minutes);
        }

        foreach (RolloutMember member in fleet.Course.Members)
        {
            fleet[member.DeviceId] = fleet[member.DeviceId] with { InLesson = false, Busy = false };
        }

        for (int i = 0; i < 60 && fleet.Course.State != RolloutState.Done; i++)
        {
            foreach (RolloutMember member in fleet.Course.Members.Where(m => m.State == MemberState.Asked && fleet[m.DeviceId].Command is { FinishedAt: null }))
            {
                fleet.Answer(member.DeviceId, fleet[member.DeviceId].Online ? CommandState.Done : CommandState.Expired, fleet[member.DeviceId].Online ? null : CommandReasons.NotReached);
            }

            fleet.Course = fleet.Course.OnResume();
            fleet.Step(40);
            fleet.Course = fleet.Course.OnAdvance();
        }

        Assert.All(fleet.Course.Members, m => Assert.True(m.State is MemberState.Done or MemberState.Failed or MemberState.Skipped || !fleet[m.DeviceId].Online, $"{m} {fleet[m.DeviceId]}"));
        return true;
    }).QuickCheckThrowOnFailure();

    private static bool Settled(PlayedFleet fleet, RolloutMember member) => fleet.Member(member.DeviceId).State != MemberState.Waiting;

    private static void Happen(PlayedFleet fleet, string id, int what)
    {
        MemberSight now = fleet[id];
        switch (what)
        {
            case < 10 when now.Command is { FinishedAt: null }:
                fleet.Answer(id, Answers[what].Item1, Answers[what].Item2);
                break;
            case 10:
                fleet[id] = now with { Online = !now.Online };
                break;
            case 11:
                fleet[id] = now with { InLesson = !now.InLesson };
                break;
            case 12:
                fleet[id] = now with { UnwellSince = now.UnwellSince is null ? fleet.Now : null };
                break;
            case 13:
                fleet[id] = now with { Version = PlayedFleet.Old };
                break;
            case 14:
                fleet[id] = now with { Busy = !now.Busy };
                break;
            case 15:
                fleet.Course = fleet.Course.OnPause();
                break;
            default:
                fleet.Course = fleet.Course.OnResume();
                break;
        }
    }
}
