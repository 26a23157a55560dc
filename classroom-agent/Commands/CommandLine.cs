using System.CommandLine;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>The program's commands and options. Options override the environment, which overrides the configuration file.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Config = new("--config") { Description = Words.Get("HelpConfig"), Recursive = true };

    /// <summary>Options that are configuration values by another name, with their keys.</summary>
    private static readonly (Option<string?> Option, string Key)[] Values =
    [
        (Value("--data", "HelpData"), "Data"),
        (Value("--hub", "HelpHub"), "Hub"),
        (Value("--hub-cert-sha256", "HelpPin"), "HubCertSha256"),
        (Value("--source", "HelpSource"), "Capture:Source"),
        (Value("--playback", "HelpPlayback"), "Playback:Mode"),
        (Value("--audio-output", "HelpAudioOutput"), "Playback:AudioOutput"),
        (Value("--stats", "HelpStats"), "StatsFile"),
        (Value("--log-level", "HelpLogLevel"), "LogLevel"),
    ];

    private static readonly (Option<bool> Option, string Key)[] Switches =
    [
        (new Option<bool>("--windowed") { Description = Words.Get("HelpWindowed"), Recursive = true }, "Playback:Windowed"),
        (new Option<bool>("--tcp-only") { Description = Words.Get("HelpTcpOnly"), Recursive = true }, "TcpOnly"),
    ];

    public static RootCommand Build()
    {
        var root = new RootCommand(Words.Get("HelpProgram"));
        root.Options.Add(Config);
        foreach ((Option<string?> option, _) in Values)
        {
            root.Options.Add(option);
        }

        foreach ((Option<bool> option, _) in Switches)
        {
            root.Options.Add(option);
        }

        var code = new Option<string>("--code") { Description = Words.Get("HelpCode"), Required = true };
        Command enrol = new("enrol", Words.Get("HelpEnrol")) { code };
        enrol.SetAction((parsed, stop) => WithOptionsAsync(parsed, options => EnrolCommand.RunAsync(options, parsed.GetValue(code)!, stop)));
        root.Subcommands.Add(enrol);
        var run = new Command("run", Words.Get("HelpRun"));
        run.SetAction(RunAsync);
        root.Subcommands.Add(run);
        root.Subcommands.Add(Simple("check", "HelpCheck", CheckCommand.RunAsync));
        root.Subcommands.Add(Simple("mute", "HelpMute", (options, stop) => TellCommand.RunAsync(options, "mute", stop)));
        root.Subcommands.Add(Simple("unmute", "HelpUnmute", (options, stop) => TellCommand.RunAsync(options, "unmute", stop)));
        root.Subcommands.Add(Simple("hand-up", "HelpHandUp", (options, stop) => TellCommand.RunAsync(options, "hand up", stop)));
        root.Subcommands.Add(Simple("hand-down", "HelpHandDown", (options, stop) => TellCommand.RunAsync(options, "hand down", stop)));
        root.Subcommands.Add(Simple("status", "HelpStatus", (options, stop) => TellCommand.RunAsync(options, "status", stop)));
        root.Subcommands.Add(Sign());
        root.Subcommands.Add(Simulate());
        root.Subcommands.Add(Simple("version", "HelpVersion", ReleasesCommand.VersionAsync));
        root.Subcommands.Add(Simple("releases", "HelpReleases", ReleasesCommand.ShowAsync));
        root.Subcommands.Add(Simple("roll-back", "HelpRollBack", ReleasesCommand.RollBackAsync));
        root.SetAction(RunAsync);
        return root;
    }

    private static Option<string?> Value(string name, string help) => new(name) { Description = Words.Get(help), Recursive = true };

    private static Command Simple(string name, string help, Func<AgentOptions, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, Words.Get(help));
        command.SetAction((parsed, stop) => WithOptionsAsync(parsed, options => run(options, stop)));
        return command;
    }

    private static Command Sign()
    {
        var package = new Option<string>("--package") { Description = Words.Get("HelpSignPackage"), Required = true };
        var key = new Option<string>("--key") { Description = Words.Get("HelpSignKey"), Required = true };
        Command command = new("sign", Words.Get("HelpSign")) { package, key };
        command.SetAction((parsed, stop) => SignCommand.RunAsync(parsed.GetValue(package)!, parsed.GetValue(key)!, stop));
        return command;
    }

    private static Command Simulate()
    {
        var count = new Option<int>("--count") { Description = Words.Get("HelpSimulateCount"), DefaultValueFactory = _ => 20 };
        var folder = new Option<string>("--folder") { Description = Words.Get("HelpSimulateFolder"), DefaultValueFactory = _ => "simulated-devices" };
        var codes = new Option<string?>("--codes") { Description = Words.Get("HelpSimulateCodes") };
        var faults = new Option<string?>("--faults") { Description = Words.Get("HelpSimulateFaults") };
        var seed = new Option<int>("--seed") { Description = Words.Get("HelpSimulateSeed"), DefaultValueFactory = _ => 1 };
        var lessons = new Option<bool>("--lessons") { Description = Words.Get("HelpSimulateLessons") };
        Command command = new("simulate", Words.Get("HelpSimulate")) { count, folder, codes, faults, seed, lessons };
        command.SetAction((parsed, stop) => WithOptionsAsync(parsed, options => SimulateCommand.RunAsync(
            options,
            new SimulationOptions(
                parsed.GetValue(count), parsed.GetValue(folder)!, parsed.GetValue(codes), parsed.GetValue(faults), parsed.GetValue(seed), parsed.GetValue(lessons)),
            stop)));
        return command;
    }

    /// <summary>Another version may be the one to run; that one then reads the options anew, and perhaps knows more of them.</summary>
    private static Task<int> RunAsync(ParseResult parsed, CancellationToken stop) => WithOptionsAsync(
        parsed, options => RunCommand.RunAsync(options, stop), options => SlotStart.HandOver(options, Environment.GetCommandLineArgs()[1..]));

    /// <param name="beforeFaults">Called with the options as far as they are right.</param>
    private static async Task<int> WithOptionsAsync(ParseResult parsed, Func<AgentOptions, Task<int>> run, Action<AgentOptions>? beforeFaults = null)
    {
        var overrides = Values.ToDictionary(v => $"{AgentOptionsReader.Section}:{v.Key}", v => parsed.GetValue(v.Option));
        foreach ((Option<bool> option, string key) in Switches)
        {
            overrides[$"{AgentOptionsReader.Section}:{key}"] = parsed.GetValue(option) ? "true" : null;
        }

        AgentOptions options = AgentOptionsReader.Read(parsed.GetValue(Config), overrides, out IReadOnlyList<string> faults);
        beforeFaults?.Invoke(options);
        if (faults.Count == 0)
        {
            return await run(options);
        }

        await Console.Error.WriteLineAsync(Words.Format("OptionsWrong", faults.Count));
        foreach (string fault in faults)
        {
            await Console.Error.WriteLineAsync("  " + fault);
        }

        return ExitCodes.BadOptions;
    }
}

/// <summary>Exit codes of the program; service files and scripts rely on them.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadOptions = 2;

    /// <summary>No identity yet: restarting does not help.</summary>
    public const int NotEnrolled = 3;

    /// <summary>Ended in order to be started again, as staff have asked.</summary>
    public const int Restart = 4;
}
