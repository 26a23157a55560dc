using System.Globalization;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The command line, taken apart by the hub itself: a word that begins with a slash is a path and nothing else.</summary>
/// <param name="Command">The first word; null: none, the hub runs.</param>
/// <param name="Words">What follows the command and belongs to no setting.</param>
/// <param name="Settings">For the configuration, each <c>--key=value</c>; a switch without a value is <c>true</c>.</param>
/// <param name="AsksForHelp">Help is wanted, of the command when there is one.</param>
/// <param name="Language">Wanted on the console; null: as the environment says.</param>
internal sealed record HubArguments(string? Command, IReadOnlyList<string> Words, IReadOnlyList<string> Settings, bool AsksForHelp, CultureInfo? Language)
{
    private static readonly string[] Help = ["help", "--help", "-h", "-?"];

    public static HubArguments Read(IReadOnlyList<string> arguments)
    {
        string? command = null;
        List<string> words = [], settings = [];
        bool help = false;
        CultureInfo? language = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (Help.Contains(argument) && (argument[0] == '-' || i == 0))
            {
                help = true;
            }
            else if (argument is "--english" or "--chinese")
            {
                language = CultureInfo.GetCultureInfo(argument == "--english" ? "en" : "zh-CN");
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                bool hasValue = argument.Contains('=') || i + 1 >= arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
                settings.Add(hasValue ? argument.Contains('=') ? argument : argument + "=true" : $"{argument}={arguments[++i]}");
            }
            else if (argument.Contains('=') && argument[0] != '/' && !File.Exists(argument))
            {
                settings.Add("--" + argument);
            }
            else if (command is null && words.Count == 0 && i == 0)
            {
                command = argument;
            }
            else
            {
                words.Add(argument);
            }
        }

        return new HubArguments(command, words, settings, help, language);
    }
}
