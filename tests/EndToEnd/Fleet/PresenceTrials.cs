using System.Globalization;
using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Devices.Health;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>
/// Two hundred devices lose their network or their power at random moments and come back after a random while: who is dead is not shown online for long, and a
/// short break is not shown at all. All times are 0.4 of the product's; THREECLASSROOMS_PACE=1 runs them as they are (two minutes).
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class PresenceTrials(ITestOutputHelper output)
{
    private const int Devices = 200;

    [Fact]
    public async Task DeadDevice_IsNeverShownOnlineForLong_ShortBreakIsNotShown()
    {
        double pace = double.TryParse(Environment.GetEnvironmentVariable("THREECLASSROOMS_PACE"), CultureInfo.InvariantCulture, out double wanted) ? wanted : 0.4;
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}, times x {pace}");
        var random = new Random(seed);
        await using TrialFleet fleet = await TrialFleet.StartAsync(Devices, pace);
        await Eventually.IsTrueAsync(
            () => fleet.Agents.All(a => fleet.ViewOf(a) is { Presence: PresenceState.Up, State: HealthState.Healthy }), TimeSpan.FromSeconds(30), () => "not all came up");
        Trial[] trials = [.. fleet.Agents.Select(a => new Trial(fleet, a, random))];
        await Eventually.IsTrueAsync(
            () => trials.Select(t => t.Step()).ToList().TrueForAll(over => over), fleet.Scaled(300), () => string.Join('\n', trials.Where(t => !t.IsOver).Take(5)));

        TimeSpan[] found = [.. trials.Where(t => t.FoundAfter is not null).Select(t => t.FoundAfter!.Value).Order()];
        Trial[] shorts = [.. trials.Where(t => t.IsShort)];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Length} of {Devices - shorts.Length} long absences were shown, after {found[0].TotalSeconds:0.0} to {found[^1].TotalSeconds:0.0} s, median {found[found.Length / 2].TotalSeconds:0.0} s; "
            + $"{shorts.Length} short ones, {shorts.Count(t => t.FoundAfter is not null)} shown; longest shown online while dead {trials.Max(t => t.LongestLie).TotalSeconds:0.0} s"));
        Assert.All(trials, t => Assert.True(t.LongestLie <= fleet.Scaled(90), $"shown online for {t.LongestLie.TotalSeconds:0.0} s while dead: {t}"));
        Assert.All(shorts, t => Assert.True(t.FoundAfter is null, $"a short break was shown: {t}"));
        Assert.True(found.Length == Devices - shorts.Length, $"only {found.Length} of {Devices - shorts.Length} long absences were shown");
    }

    /// <summary>One device that goes away once and comes back. Looked at every 50 ms.</summary>
    private sealed class Trial
    {
        /// <summary>The hub waits for 15 s, less the time that a device takes to connect again.</summary>
        private const double Unseen = 15 - 6;

        private readonly TrialFleet _fleet;
        private readonly SimulatedAgent _agent;
        private readonly bool _power;
        private readonly TimeSpan _from, _until;
        private readonly long _began = TimeProvider.System.GetTimestamp();
        private bool _away;
        private bool _back;

        public Trial(TrialFleet fleet, SimulatedAgent agent, Random random)
        {
            (_fleet, _agent) = (fleet, agent);
            _power = random.Next(2) == 0;
            IsShort = random.Next(5) < 2;
            _from = fleet.Scaled(15 * random.NextDouble());
            _until = _from + (IsShort ? fleet.Scaled(1 + ((Unseen - 1) * random.NextDouble())) : fleet.Scaled(60 + (15 * random.NextDouble())));
        }

        /// <summary>It is back before anybody is to notice.</summary>
        public bool IsShort { get; }

        public bool IsOver { get; private set; }

        /// <summary>From its end to the moment when it was not shown online any more; null: it always was.</summary>
        public TimeSpan? FoundAfter { get; private set; }

        /// <summary>How long it was dead and shown online.</summary>
        public TimeSpan LongestLie { get; private set; }

        /// <returns>True: it is over, the device is shown online again.</returns>
        public bool Step()
        {
            TimeSpan now = TimeProvider.System.GetElapsedTime(_began);
            if (!_away && now >= _from)
            {
                _away = true;
                _agent.Cable!.Pull();
                if (_power)
                {
                    _agent.LosePower();
                }
            }

            bool online = _fleet.ViewOf(_agent)?.Presence is PresenceState.Up or PresenceState.Silent;
            if (_away && !_back)
            {
                LongestLie = online ? now - _from : LongestLie;
            }

            if (_away && !online)
            {
                FoundAfter ??= now - _from;
            }

            if (_away && !_back && now >= _until)
            {
                _back = true;
                _agent.Cable!.PlugIn();
            }

            // A little longer than the latest word of its absence could come.
            IsOver |= _back && online && _agent.IsOnline && now >= _until + _fleet.Scaled(20);
            return IsOver;
        }

        public override string ToString() => $"{(_power ? "power" : "network")} away from {_from.TotalSeconds:0.0} to {_until.TotalSeconds:0.0} s, found after {FoundAfter?.TotalSeconds:0.0} s, now {_fleet.ViewOf(_agent)}";
    }
}
