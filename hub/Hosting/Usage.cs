using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Help, or a word that is no command: says what there is. Starts, opens and writes nothing.</summary>
internal static class Usage
{
    /// <summary>A word that is no command (sysexits EX_USAGE).</summary>
    private const int BadUsage = 64;

    /// <summary>What a command needs is in use (sysexits EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <param name="commands">First words that mean something.</param>
    public static bool Is(HubArguments arguments, params ReadOnlySpan<string> commands) =>
        arguments.AsksForHelp || (arguments.Command is { } command && !commands.Contains(command));

    /// <returns>The process's exit code.</returns>
    public static int Print(HubArguments arguments, TextWriter output, TextWriter errors)
    {
        using ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<Text>().BuildServiceProvider();
        Text text = words.GetRequiredService<Text>();
        (arguments.AsksForHelp ? output : errors).WriteLine(arguments.Command switch
        {
            AccountCommand.Verb => text["Account.Usage", string.Join(", ", Roles.All)],
            ClaimCodeCommand.Verb => text["Device.Claim.Usage"],
            SeedingFeature.Verb => text["Hub.SeedUsage"],
            _ => text["Hub.Usage"],
        });
        return arguments.AsksForHelp ? 0 : BadUsage;
    }
}
