using System.Globalization;
using System.Resources;

namespace ThreeClassrooms.Agent;

/// <summary>Texts an operator or a classroom sees: Chinese (<c>Words.resx</c>) unless the environment's LANG asks for English (<c>Words.en.resx</c>).</summary>
internal static class Words
{
    private static readonly string[] Variables = ["LC_ALL", "LC_MESSAGES", "LANG"];
    private static readonly ResourceManager Texts = new("ThreeClassrooms.Agent.Words", typeof(Words).Assembly);

    /// <summary>The language in use; follows LC_ALL, LC_MESSAGES, LANG in that order. Tests may set it.</summary>
    public static CultureInfo Culture { get; set; } = FromEnvironment(Environment.GetEnvironmentVariable);

    /// <exception cref="MissingManifestResourceException">No such text: a mistake of ours, found by a test.</exception>
    public static string Get(string key) =>
        Texts.GetString(key, Culture) ?? throw new MissingManifestResourceException($"No text '{key}'");

    public static string Format(string key, params object[] values) => string.Format(Culture, Get(key), values);

    public static CultureInfo FromEnvironment(Func<string, string?> variable)
    {
        string? tongue = Variables.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return CultureInfo.GetCultureInfo(tongue is not null && tongue.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "zh-CN");
    }
}
