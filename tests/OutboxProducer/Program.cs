using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.OutboxProducer;

// Outboxes of many agents in one process that may be killed at any moment: the agent's own outbox and sender, without its camera.
// Usage: HUB FOLDER PAUSE-MS|drain [POINT]. FOLDER holds one data folder per agent, each with an identity. Prints every record's payload once
// it is written down; with "drain" writes nothing and ends when the hub has everything.
(var hub, string folder, string pause) = (new Uri(args[0]), args[1], args[2]);
KillPoint point = args.Length > 3 ? Enum.Parse<KillPoint>(args[3]) : KillPoint.None;
int? pauseMs = pause == "drain" ? null : int.Parse(pause, CultureInfo.InvariantCulture);
using var stop = new CancellationTokenSource();
List<Task> agents = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(data => RunAsync(data, stop.Token))];
if (point == KillPoint.MidCheckpoint)
{
    Checkpoints.KillInOne(Directory.GetDirectories(folder).Select(d => Path.Combine(d, "outbox", "outbox.db")));
}

await Task.WhenAll(agents);
return 0;

async Task RunAsync(string data, CancellationToken cancel)
{
    Identity identity = new IdentityStore(data).Load() ?? throw new InvalidOperationException($"no identity in {data}");
    using HttpClient client = new(new KillingHandler(point) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = hub, Timeout = TimeSpan.FromSeconds(10) };
    (var api, var clock) = (new HubApi(client), new HubClock(TimeProvider.System));
    var deviceClock = new DeviceClock(clock, TimeProvider.System);
    using var tokens = new DeviceTokens(api, identity, clock, TimeProvider.System);
    using var outbox = new OutboxStore(data, new OutboxOptions(), deviceClock, NullLogger.Instance);
    using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    var sender = new OutboxSender(outbox, api, tokens, clock, deviceClock, TimeProvider.System, NullLogger.Instance);
    Task sending = sender.RunAsync(end.Token);
    using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(pauseMs ?? 200));
    while (await beat.WaitForNextTickAsync(cancel))
    {
        if (pauseMs is null)
        {
            sender.OnLinkUp(); // no waiting for a hub that was away a moment ago
            if (outbox.Backlog().Unsent == 0)
            {
                break;
            }
        }
        else
        {
            string said = Guid.NewGuid().ToString("N");
            outbox.Append(EvidenceStreams.Evidence, "probe", said);
            Console.WriteLine($"+{identity.DeviceId} {said}");
            if (Random.Shared.Next(3) == 0)
            {
                sender.OnLinkUp();
            }
        }
    }

    await end.CancelAsync();
    await sending;
}
