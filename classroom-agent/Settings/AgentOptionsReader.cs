using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Settings;

/// <summary>Reads <see cref="AgentOptions"/> from file, environment and command line (the later wins) and names every wrong value at once.</summary>
internal static class AgentOptionsReader
{
    public const string Section = "Agent";

    /// <param name="file">A JSON file with a section <c>Agent</c>; null: none. It must exist.</param>
    /// <param name="overrides">Command-line values by configuration key, e.g. <c>Agent:Capture:Source</c>; null values are ignored.</param>
    /// <param name="faults">One line per wrong value, in the operator's language; empty when the result may be used.</param>
    public static AgentOptions Read(string? file, IReadOnlyDictionary<string, string?> overrides, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        faults = found;
        var options = new AgentOptions();
        IConfigurationRoot configuration;
        try
        {
            var builder = new ConfigurationBuilder();
            if (file is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(file), optional: false);
            }

            configuration = builder.AddEnvironmentVariables("THREECLASSROOMS_")
                .AddInMemoryCollection(overrides.Where(o => o.Value is not null))
                .Build();
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            found.Add(Words.Format("OptionsFileUnreadable", file ?? "", e.Message));
            return options;
        }

        // Environment variables arrive below "AGENT", which is the same key: configuration keys know no case.
        ConfigurationBinding.Bind(configuration.GetSection(Section), options, "", found);
        Check(options, "", found);
        Check(options.Capture, "Capture:", found);
        Check(options.Playback, "Playback:", found);
        Check(options.Recording, "Recording:", found);
        Check(options.Outbox, "Outbox:", found);
        CheckTogether(options, found);
        return options;
    }

    private static void Check(object part, string prefix, List<string> found)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(part, new ValidationContext(part), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            string name = result.MemberNames.FirstOrDefault() ?? "";
            object? value = part.GetType().GetProperty(name)?.GetValue(part);
            found.Add(Words.Format("OptionOutOfRange", prefix + name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", Allowed(part, name)));
        }
    }

    private static string Allowed(object part, string name)
    {
        object[] attributes = part.GetType().GetProperty(name)?.GetCustomAttributes(inherit: false) ?? [];
        return attributes.Select(a => a switch
        {
            RangeAttribute r => $"{r.Minimum} … {r.Maximum}",
            AllowedValuesAttribute v => string.Join(" | ", v.Values),
            RegularExpressionAttribute x => x.Pattern,
            _ => null,
        }).FirstOrDefault(t => t is not null) ?? Words.Get("OptionNeeded");
    }

    private static void CheckTogether(AgentOptions options, List<string> found)
    {
        if (options.Hub is { } hub && hub.Scheme != Uri.UriSchemeHttp && hub.Scheme != Uri.UriSchemeHttps)
        {
            found.Add(Words.Format("OptionOutOfRange", "Hub", hub.OriginalString, "https://… | http://…"));
        }

        if (!SourceSpec.TryParse(options.Capture.Source, out _))
        {
            found.Add(Words.Format("OptionOutOfRange", "Capture:Source", options.Capture.Source, SourceSpec.Forms));
        }

        if (options.UpdateHoldSeconds >= options.UpdateDeadlineSeconds)
        {
            found.Add(Words.Format("OptionOutOfRange", "UpdateHoldSeconds", options.UpdateHoldSeconds, $"1 … {options.UpdateDeadlineSeconds - 1}"));
        }

        if (options.Capture.Width % 2 != 0 || options.Capture.Height % 2 != 0)
        {
            found.Add(Words.Format("OptionNotEven", $"{options.Capture.Width}×{options.Capture.Height}"));
        }
    }
}
