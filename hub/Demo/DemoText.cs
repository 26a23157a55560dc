using System.Globalization;
using System.Resources;

namespace ThreeClassrooms.Hub.Demo;

/// <summary>The demo's words on the console: Chinese unless the environment (LC_ALL, LANG) asks for English.</summary>
internal sealed class DemoText
{
    private static readonly ResourceManager Words = new("ThreeClassrooms.Hub.Demo.DemoText", typeof(DemoText).Assembly);

    private readonly CultureInfo _culture = (Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LANG") ?? "")
        .StartsWith("en", StringComparison.OrdinalIgnoreCase) ? CultureInfo.GetCultureInfo("en") : CultureInfo.InvariantCulture;

    public string this[string key] => Words.GetString(key, _culture) ?? key;

    public string this[string key, params object?[] values] => string.Format(CultureInfo.InvariantCulture, this[key], values);
}
