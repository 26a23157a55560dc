using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ThreeClassrooms.Agent.Settings;

/// <summary>Binds a configuration section to an options record property by property, so that several wrong values are all named (the stock binder stops at the first).</summary>
internal static class ConfigurationBinding
{
    /// <param name="prefix">Path of the section as the operator writes it, ending in a colon; empty at the top.</param>
    /// <param name="found">Gets one line per value of the wrong form and per key that no option has.</param>
    public static void Bind(IConfigurationSection section, object target, string prefix, List<string> found)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = target.GetType().GetProperties()
                .FirstOrDefault(p => string.Equals(p.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                // Keys starting with an underscore or slash are comments in the sample file.
                if (!child.Key.StartsWith('_') && !child.Key.StartsWith('/'))
                {
                    found.Add(Words.Format("OptionUnknown", prefix + child.Key));
                }
            }
            else if (property.PropertyType.Namespace?.StartsWith("ThreeClassrooms", StringComparison.Ordinal) == true && property.PropertyType.IsClass)
            {
                Bind(child, property.GetValue(target)!, prefix + property.Name + ":", found);
            }
            else if (child.Value is { Length: > 0 } text)
            {
                Set(target, property, text, prefix, found);
            }
        }
    }

    private static void Set(object target, PropertyInfo property, string text, string prefix, List<string> found)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        try
        {
            object? value = type == typeof(Uri)
                ? new Uri(text, UriKind.Absolute)
                : TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
            property.SetValue(target, value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or InvalidCastException)
        {
            string wanted = type.IsEnum ? string.Join(" | ", Enum.GetNames(type)) : type == typeof(Uri) ? "https://…" : type.Name;
            found.Add(Words.Format("OptionOutOfRange", prefix + property.Name, text, wanted));
        }
    }
}
