using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Tests.Updating;

public class SlotChoiceTests
{
    private const string Base = "1.0.0", One = "1.1.0", Two = "1.2.0";

    private static readonly DateTimeOffset Now = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Boot = Guid.NewGuid(), Command = Guid.NewGuid();
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    [Fact]
    public void WithoutReleases_TheBaseRuns()
    {
        SlotDecision decision = SlotChoice.Decide(null, new HashSet<string>(), At(0), Deadline);
        Assert.Equal(new SlotDecision(null, new SlotState(Base), null), decision);
    }

    [Fact]
    public void Trial_IsStartedThreeTimes_AndTheFourthStartIsTheFormerVersion()
    {
        SlotState state = new SlotState(Base, Current: One).Begin(Two, Command);
        for (int start = 1; start <= 3; start++)
        {
            SlotDecision tried = Decide(state, start);
            Assert.Equal((Two, start), (tried.Release, tried.State.Trial!.Starts));
            Assert.Equal(Deadline - TimeSpan.FromSeconds(start - 1), tried.ProveWithin);
            state = tried.State;
        }

        SlotDecision former = Decide(state, 4);
        Assert.Equal((One, (TimeSpan?)null), (former.Release, former.ProveWithin));
        Assert.Equal(new SlotState(Base, Current: One, LastRollBack: new RollBack(Two, RollBackReason.Ended, Now.AddSeconds(4)), Answer: new UpdateAnswer(Command, false)), former.State);
    }

    [Fact]
    public void TrialThatHangs_HasOneDeadline_NotOnePerStart()
    {
        SlotState tried = Decide(new SlotState(Base).Begin(Two, null), 0).State;
        SlotDecision late = Decide(tried, Deadline.TotalSeconds);
        Assert.Equal((null, RollBackReason.Deadline), (late.Release, late.State.LastRollBack!.Reason));
    }

    [Fact]
    public void AfterAPowerCut_TheDeadlineBeginsAnew_AndTheStartStillCounts()
    {
        SlotState tried = Decide(new SlotState(Base).Begin(Two, null), 500).State;
        SlotDecision again = SlotChoice.Decide(tried, Set(Two), At(2) with { Boot = Guid.NewGuid() }, Deadline);
        Assert.Equal((Two, 2, (TimeSpan?)Deadline), (again.Release, again.State.Trial!.Starts, again.ProveWithin));
    }

    [Fact]
    public void ConfirmedVersion_IsCurrent_AndTheFormerOneIsKept()
    {
        SlotState state = Decide(new SlotState(Base, Current: One).Begin(Two, Command), 0).State.Confirm();
        Assert.Equal(new SlotState(Base, Two, One, Answer: new UpdateAnswer(Command, true)), state);
        Assert.Equal(Two, Decide(state, 1).Release);
        Assert.Equal(One, Decide(state.GoBack(RollBackReason.ByHand, Now), 2).Release);
    }

    [Fact]
    public void VersionWhoseFilesAreGone_IsLeft_ForTheFormerOne_ThenTheBase()
    {
        var state = new SlotState(Base, Two, One);
        Assert.Equal(One, SlotChoice.Decide(state, Set(One), At(0), Deadline).Release);
        SlotDecision none = SlotChoice.Decide(state, Set(), At(0), Deadline);
        Assert.Equal((null, null, RollBackReason.Missing), (none.Release, none.State.Current, none.State.LastRollBack!.Reason));
    }

    [Fact]
    public void WhatIsInstalledAtTheDevice_Runs_AndTheHubIsToldWhatBecameOfTheTrial()
    {
        SlotState state = new SlotState("0.9.0", Current: One).Begin(Two, Command);
        SlotDecision decision = Decide(state, 0);
        Assert.Null(decision.Release);
        Assert.Equal(
            new SlotState(Base, LastRollBack: new RollBack(Two, RollBackReason.BaseRenewed, Now), Answer: new UpdateAnswer(Command, false)), decision.State);
    }

    /// <summary>Whatever happens to a device, in any order: what is chosen is there, no trial is started more than three times, and what has failed does not come back by itself.</summary>
    [Fact]
    public void AnyCourse_EndsAtSomethingThatIsThere()
    {
        Gen<int[]> courses = Gen.Choose(0, 99).ArrayOf(40);
        Prop.ForAll(courses.ToArbitrary(), course =>
        {
            var device = new Device();
            foreach (int step in course)
            {
                device.Go(step);
            }

            return device.Fault is null;
        }).QuickCheckThrowOnFailure();
    }

    private static HashSet<string> Set(params string[] versions) => [.. versions];

    private static SlotMoment At(double seconds) => new(Base, Boot, TimeSpan.FromSeconds(1000 + seconds), Now.AddSeconds(seconds));

    private static SlotDecision Decide(SlotState state, double seconds) => SlotChoice.Decide(state, Set(One, Two), At(seconds), Deadline);

    /// <summary>A device to which things happen, and what must never be seen of it.</summary>
    private sealed class Device
    {
        private static readonly string[] Versions = ["2.0.0", "2.1.0", "2.2.0"];

        private readonly HashSet<string> _there = [];
        private readonly HashSet<string> _failed = [];
        private readonly Dictionary<string, int> _starts = [];
        private SlotState? _state;
        private string _base = "1.0.0";
        private Guid _boot = Guid.NewGuid();
        private double _uptime;
        private string? _running;

        public string? Fault { get; private set; }

        public void Go(int step)
        {
            string version = Versions[step % Versions.Length];
            switch (step)
            {
                case < 50:
                    Start(step % 7 == 0 ? 400 : 1);
                    break;
                case < 70:
                    Stage(version);
                    break;
                case < 80 when _running is not null && _running == _state?.Trial?.Version:
                    _state = _state.Confirm();
                    break;
                case < 85:
                    _there.Remove(version);
                    break;
                case < 90:
                    (_boot, _uptime) = (Guid.NewGuid(), 0);
                    break;
                case < 95 when _state is not null:
                    _failed.Add(_state.Trial?.Version ?? _state.Current ?? "");
                    _state = _state.Trial is not null ? _state.GiveUp(RollBackReason.ByHand, Now) : _state.GoBack(RollBackReason.ByHand, Now);
                    break;
                case 95:
                    _base = _base == "1.0.0" ? "1.0.1" : "1.0.0";
                    break;
                case 96:
                    _state = null;
                    _failed.Clear();
                    break;
                default:
                    break;
            }
        }

        /// <summary>As the command does it: never while something is on trial, never what runs.</summary>
        private void Stage(string version)
        {
            if (_state?.Trial is null && version != _running && version != _state?.Current)
            {
                _there.Add(version);
                _state = (_state ?? new SlotState(_base)).Begin(version, null);
                _failed.Remove(version);
                _starts[version] = 0;
            }
        }

        private void Start(double after)
        {
            _uptime += after;
            SlotDecision decision = SlotChoice.Decide(_state, _there, new SlotMoment(_base, _boot, TimeSpan.FromSeconds(_uptime), Now), Deadline);
            if (_state?.Trial is { } trial && decision.State.Trial is null)
            {
                _failed.Add(trial.Version);
            }

            (_state, _running) = (decision.State, decision.Release);
            if (_running is { } chosen)
            {
                bool tried = _state.Trial?.Version == chosen;
                _starts[chosen] = tried ? _starts.GetValueOrDefault(chosen) + 1 : 0;
                Fault = !_there.Contains(chosen) ? $"{chosen} is not there"
                    : _starts[chosen] > SlotChoice.MostStarts ? $"{chosen} was started {_starts[chosen]} times"
                    : _failed.Contains(chosen) ? $"{chosen} has failed"
                    : tried != decision.ProveWithin is not null ? "a trial without a deadline"
                    : Fault;
            }
        }
    }
}
