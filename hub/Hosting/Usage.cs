using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary><c>help</c>, <c>--help</c>, <c>-h</c> or a word that is no command: says what there is and starts nothing.</summary>
internal static class Usage
{
    /// <summary>A word that is no command (sysexits EX_USAGE).</summary>
    private const int BadUsage = 64;

    private static readonly string[] Asking = ["help", "--help", "-h", "-?"];

    /// <param name="commands">First words that mean something; settings begin with <c>--</c>.</param>
    public static bool Is(IReadOnlyList<string> arguments, params ReadOnlySpan<string> commands) =>
        arguments is [{ } first, ..] && (Asking.Contains(first) || !(first.StartsWith("--", StringComparison.Ordinal) || first.Contains('=') || commands.Contains(first)));

    /// <returns>The process's exit code.</returns>
    public static int Print(IReadOnlyList<string> arguments, Text text, TextWriter output, TextWriter errors)
    {
        bool asked = Asking.Contains(arguments[0]);
        (asked ? output : errors).WriteLine(text["Hub.Usage"]);
        return asked ? 0 : BadUsage;
    }
}
