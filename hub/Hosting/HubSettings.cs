using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// All options records of the hub, read and checked at once. A fault names the key, the value and what is allowed;
/// all faults are gathered before anything is started, bound or created.
/// </summary>
internal sealed class HubSettings
{
    private readonly Dictionary<Type, object> _records = [];

    /// <summary>Every type marked with <see cref="SectionAttribute"/>, with its section's name.</summary>
    public static IReadOnlyList<(string Section, Type Type)> Sections { get; } =
    [
        .. typeof(HubSettings).Assembly.GetTypes()
            .Select(t => (t.GetCustomAttribute<SectionAttribute>()?.Name, t))
            .Where(p => p.Name is not null)
            .Select(p => (p.Name!, p.t))
            .OrderBy(p => p.Item1, StringComparer.Ordinal),
    ];

    public static HubSettings Read(IConfiguration configuration, ICollection<string> faults)
    {
        var settings = new HubSettings();
        foreach ((string section, Type type) in Sections)
        {
            settings._records[type] = ReadSection(configuration.GetSection(section), type, faults);
        }

        return settings;
    }

    public T Get<T>()
        where T : class => (T)_records[typeof(T)];

    public void AddTo(IServiceCollection services)
    {
        foreach ((Type type, object record) in _records)
        {
            services.AddSingleton(type, record);
        }
    }

    private static object ReadSection(IConfigurationSection section, Type type, ICollection<string> faults)
    {
        object record = Activator.CreateInstance(type)!;
        var known = type.GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var unreadable = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (!known.TryGetValue(entry.Key, out PropertyInfo? property))
            {
                faults.Add($"{entry.Path}: there is no such option; known are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}");
            }
            else if (TryConvert(entry, property.PropertyType, out object? value))
            {
                property.SetValue(record, value);
            }
            else
            {
                unreadable.Add(property.Name);
                faults.Add($"{entry.Path}: '{entry.Value}' is not {Expected(property)}");
            }
        }

        foreach (PropertyInfo property in known.Values.Where(p => !unreadable.Contains(p.Name)))
        {
            CheckProperty(section.Key, record, property, faults);
        }

        if (record is IValidatableObject checks)
        {
            foreach (ValidationResult fault in checks.Validate(new ValidationContext(record)))
            {
                faults.Add($"{section.Key}:{string.Join(',', fault.MemberNames)}: {fault.ErrorMessage}");
            }
        }

        return record;
    }

    private static void CheckProperty(string section, object record, PropertyInfo property, ICollection<string> faults)
    {
        object? value = property.GetValue(record);
        foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (!rule.IsValid(value))
            {
                faults.Add($"{section}:{property.Name}: '{value}' is not {Expected(property)}");
            }
        }
    }

    private static bool TryConvert(IConfigurationSection entry, Type type, out object? value)
    {
        value = null;
        if (type != typeof(string) && type.IsAssignableFrom(typeof(string[])))
        {
            value = entry.Value is { } joined
                ? joined.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : entry.GetChildren().Select(c => c.Value ?? "").ToArray();
            return true;
        }

        if (entry.Value is not { } text)
        {
            return false;
        }

        try
        {
            value = TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
            return value is not Enum named || Enum.IsDefined(named.GetType(), named);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string Expected(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        string kind = type switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
            _ when type == typeof(TimeSpan) => "a time as [d.]hh:mm:ss",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(string) => "a text that is not empty",
            _ when type.IsPrimitive || type == typeof(decimal) => "a number",
            _ => "a value of the right form",
        };
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{kind} from {range.Minimum} to {range.Maximum}" : kind;
    }
}
