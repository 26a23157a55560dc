using System.Diagnostics;
using System.Globalization;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.OutboxProducer;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Evidence;

/// <summary>
/// Agents, hub and broker die again and again, at random and at named points, while twenty agents produce evidence: the hub has exactly what
/// they wrote down. THREECLASSROOMS_KILLS says how many die; 20 by default.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class KillsStory(ITestOutputHelper output)
{
    private const int Agents = 20;

    private static readonly KillPoint[] OfAgents = [KillPoint.AfterAnswer, KillPoint.None, KillPoint.MidCheckpoint, KillPoint.BeforeSending];
    private static readonly KillPoint[] OfHub = [KillPoint.AfterCommit, KillPoint.None, KillPoint.MidBatch, KillPoint.MidCheckpoint];

    [Fact]
    public async Task AgentsHubAndBrokerKilled_HubHasWhatWasWrittenDown_Once()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("THREECLASSROOMS_KILLS"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 20;
        int pauseMs = kills <= 40 ? 50 : 250; // what is written in hours must also be handed in at the end
        await using HubProcess hub = await HubProcess.StartAsync(
            "--Devices:BatchesPerMinute=10000", "--Devices:TokensPerMinute=10000", "--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1");
        using ManyAgents agents = await ManyAgents.EnrolAsync(hub, Agents);
        hub.Kill();
        Victim[] victims =
        [
            new("hub", OfHub, () => hub.Process, point => hub.Start(new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = Repository.OutboxProducer,
                ["KILL_POINT"] = point.ToString(),
                ["KILL_FILE"] = Path.Combine(hub.Folder, "hub.db"),
            })),
            new("agents", OfAgents, () => agents.Process, point => agents.Start(pauseMs, point)),
        ];
        foreach (Victim victim in victims)
        {
            victim.Live();
        }

        var broker = new BrokerVictim(hub);

        await Eventually.IsTrueAsync(
            () =>
            {
                foreach (Victim victim in victims.Where(v => v.HasDied()))
                {
                    victim.Live();
                }

                broker.Step();
                int[] deaths = [broker.Deaths, .. victims.Select(v => v.Deaths)];
                return deaths.Sum() >= kills && deaths.Min() >= kills / 5;
            },
            TimeSpan.FromSeconds(30 + (15 * kills)), () => hub.Process.Tail());

        hub.Kill();
        agents.Process.Kill();
        await hub.StartAgainAsync();
        await agents.DrainAsync(TimeSpan.FromSeconds(120 + (4 * kills)));
        List<string> written = agents.Written(), received = await agents.ReceivedAsync();
        output.WriteLine($"{string.Join("; ", victims.Select(v => v.Describe()))}; {broker.Describe()}: {written.Count} records written, {received.Count} received");
        Assert.Equal(written.Order(StringComparer.Ordinal), received.Order(StringComparer.Ordinal));
        Assert.Empty(agents.Announced.Except(received));
        Assert.Equal(Agents, received.Select(r => r.Split(' ')[0]).Distinct().Count());
    }

    /// <summary>A program that lives, dies and lives again.</summary>
    private sealed class Victim(string name, KillPoint[] points, Func<ChildProcess> process, Action<KillPoint> start)
    {
        /// <summary>A point that is not reached (nothing was sent, say) becomes a kill at random.</summary>
        private const int LongestLifeMs = 12_000;

        private readonly Dictionary<KillPoint, int> _deaths = [];
        private readonly Random _random = new(points.Length);
        private KillPoint _point;
        private long _killAt;

        public int Deaths => _deaths.Values.Sum();

        public void Live()
        {
            _point = points[Deaths % points.Length];
            _killAt = Environment.TickCount64 + (_point == KillPoint.None ? _random.Next(1500, 5000) : LongestLifeMs);
            start(_point);
        }

        public bool HasDied()
        {
            if (Environment.TickCount64 >= _killAt)
            {
                process().Kill();
                _point = KillPoint.None;
            }

            if (!process().HasExited)
            {
                return false;
            }

            Assert.True(process().ExitCode == 137, $"{name} ended by itself\n{process().Tail()}");
            _deaths[_point] = _deaths.GetValueOrDefault(_point) + 1;
            return true;
        }

        public string Describe() => $"{name} {string.Join(", ", _deaths.Select(d => $"{(d.Key == KillPoint.None ? "at random" : d.Key)} {d.Value}"))}";
    }

    /// <summary>The hub's broker: killed at random, and as soon as it is there, while it reads its users. The hub starts it again.</summary>
    private sealed class BrokerVictim(HubProcess hub)
    {
        private const int LookEveryMs = 200;

        private readonly Random _random = new(7);
        private RunningProgram? _broker;
        private long _lookAt;
        private long _killAt;
        private int _starting;
        private int _atRandom;

        public int Deaths => _starting + _atRandom;

        public void Step()
        {
            if (Environment.TickCount64 < _lookAt)
            {
                return;
            }

            _lookAt = Environment.TickCount64 + LookEveryMs;
            if (_broker is not { IsAlive: true } broker)
            {
                _broker = hub.Process.HasExited ? null : ProcessTable.ChildrenOf(hub.Process.Id).Cast<RunningProgram?>().FirstOrDefault(p => p!.Value.Name == "mosquitto");
                _killAt = Environment.TickCount64 + (Deaths % 2 == 0 ? 0 : _random.Next(300, 4000));
            }
            else if (Environment.TickCount64 >= _killAt)
            {
                _broker = null;
                if (TryKill(broker.Id))
                {
                    (_starting, _atRandom) = Deaths % 2 == 0 ? (_starting + 1, _atRandom) : (_starting, _atRandom + 1);
                }
            }
        }

        private static bool TryKill(int id)
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                process.Kill();
                return true;
            }
            catch (ArgumentException)
            {
                return false; // it has just gone with its hub
            }
        }

        public string Describe() => $"broker at random {_atRandom}, while it starts {_starting}";
    }
}
