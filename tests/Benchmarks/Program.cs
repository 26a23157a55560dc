using ThreeClassrooms.Benchmarks;
using ThreeClassrooms.Benchmarks.Fleet;

// Each measurement prints what it measured and on what machine; nothing here passes or fails.
switch (args.FirstOrDefault())
{
    case "fan-out":
        await FanOut.RunAsync(Arguments.Read(args));
        return 0;
    case "lesson":
        await FanOut.RunLessonAsync(Arguments.Read(args));
        return 0;
    case "serve":
        await Serve.RunAsync(Arguments.Read(args));
        return 0;
    case "agent":
        await AgentJoin.RunAsync(Arguments.Read(args));
        return 0;
    case "idle":
        await Idle.RunAsync(Arguments.Read(args));
        return 0;
    case "fleet":
        await FleetRun.RunAsync(Arguments.Read(args));
        return 0;
    case "county":
        Console.WriteLine(FleetCounty.Text(Arguments.Read(args).Number("rooms", 500)));
        return 0;
    case "srtp":
        SrtpCost.Run();
        return 0;
    default:
        Console.WriteLine("""
            usage: dotnet run -c Release --project tests/Benchmarks -- <benchmark>
              fan-out [--sizes 1x30,10x5] [--seconds N] [--port N]      rooms x watchers: cost and delay of a forwarded packet
              lesson [--seconds N] [--port N]                           one lesson with three classrooms at 2 Mbit/s: the hub's processor time
              agent [--joins N] [--seconds N] [--tcp 1] [--port N]      the agent's publishing and watching against the media driver on loopback
              idle [--seconds N] [--port N]                             a hub with nobody connected: memory and processor time
              fleet [--agents N] [--seconds N] [--stages steady,broker,hub] [--port N]   simulated agents on one hub and its broker
              county [--rooms N]                                        prints a made-up county file, for simulated agents
              srtp                                                      nanoseconds per protected packet, both profiles
              serve --port N --token SECRET [--address IP] [--pin CORE]   only the media driver, with /whip/{room} and /whep/{room}
            """);
        return 2;
}
