using System.Collections.Immutable;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>Devices of a made-up county that a rollout is played with: each is what the test says, and carries out what it is asked.</summary>
internal sealed class PlayedFleet
{
    public const string Old = "1.0.0", New = "1.1.0";

    private readonly Dictionary<string, MemberSight> _devices = [];

    public PlayedFleet(params int[] stages)
    {
        int place = 0;
        var members = ImmutableArray.CreateBuilder<RolloutMember>();
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int i = 0; i < stages[stage]; i++)
            {
                string id = $"d{place++}";
                members.Add(new RolloutMember(id, stage));
                _devices[id] = new MemberSight(Online: true, InLesson: false, Old);
            }
        }

        Course = new RolloutCourse(new RolloutPlan(New, stages.Length, 20, TimeSpan.FromMinutes(30)), RolloutState.Running, 0, members.ToImmutable());
    }

    public RolloutCourse Course { get; set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<string> Asked { get; private set; } = [];

    public MemberSight this[string id]
    {
        get => _devices[id];
        set => _devices[id] = value;
    }

    public RolloutMember Member(string id) => Course.Members.Single(m => m.DeviceId == id);

    public IReadOnlyList<string> Step(double minutes = 0, bool allowed = true)
    {
        Now = Now.AddMinutes(minutes);
        Course = Course.Step(id => _devices[id], allowed, Now, out IReadOnlyList<string> asked);
        Asked = asked;
        foreach (string id in asked)
        {
            this[id] = this[id] with { Command = new CommandAnswer(CommandState.Queued, null, null) };
        }

        return asked;
    }

    public void Answer(string id, CommandState state, string? reason = null) => this[id] = this[id] with
    {
        Command = new CommandAnswer(state, reason, Now),
        Version = state == CommandState.Done ? New : this[id].Version,
    };

    /// <summary>All that are asked now update well.</summary>
    public void AllDo()
    {
        foreach (string id in Asked)
        {
            Answer(id, CommandState.Done);
        }
    }
}
