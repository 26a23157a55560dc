using ThreeClassrooms.Benchmarks;

// Each measurement prints what it measured and on what machine; nothing here passes or fails.
switch (args.FirstOrDefault())
{
    case "serve":
        await Serve.RunAsync(Arguments.Read(args));
        return 0;
    case "agent":
        await AgentJoin.RunAsync(Arguments.Read(args));
        return 0;
    case "srtp":
        SrtpCost.Run();
        return 0;
    default:
        Console.WriteLine("""
            usage: dotnet run -c Release --project tests/Benchmarks -- <benchmark>
              agent [--joins N] [--seconds N] [--tcp 1] [--port N]      the agent's publishing and watching against the media driver on loopback
              srtp                                                      nanoseconds per protected packet, both profiles
              serve --port N --token SECRET [--address IP] [--no-pin]   only the media driver, with /whip/{room} and /whep/{room}
            """);
        return 2;
}
