using Microsoft.Extensions.Localization;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Fleet.Away;
using ThreeClassrooms.Hub.Devices.Inbox.Handover;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>Every string that users see, in the language of the request. Chinese is the neutral language, English a translation of it.</summary>
/// <remarks>Keys are unique over all sets (a test checks it), so a page asks one object and need not know the set. Thread-safe.</remarks>
internal sealed class Text(IStringLocalizerFactory localizers)
{
    /// <summary>The resource sets; each lies in its feature's folder under its own name.</summary>
    public static readonly IReadOnlyList<Type> Sets =
    [
        typeof(ShellText), typeof(LessonsText), typeof(LiveText), typeof(ReasonText), typeof(CreditText), typeof(SchoolsText), typeof(TimetableText),
        typeof(DevicesText), typeof(FleetText), typeof(AwayText), typeof(CommandsText), typeof(HandoverText), typeof(ReleasesText),
        typeof(AlertsText), typeof(DeliveryText),
    ];

    private readonly IReadOnlyList<IStringLocalizer> _sets = [.. Sets.Select(localizers.Create)];

    /// <summary>The string; the key itself when no set has it, so that a gap is seen.</summary>
    public string this[string key] => Find(key).Value;

    /// <summary>The string with {0}, {1}, … filled in, see <see cref="PluralForms"/>.</summary>
    public string this[string key, params object[] values] => PluralForms.Fill(Find(key).Value, values);

    /// <summary>The word for an enum's value: key <c>Type.Value</c>, e.g. <c>Phase.Live</c>.</summary>
    public string Word<T>(string group, T value)
        where T : struct, Enum => this[$"{group}.{value}"];

    /// <summary>All strings of a set, for the page's scripts.</summary>
    public IReadOnlyDictionary<string, string> All(Type set) =>
        _sets[Sets.ToList().IndexOf(set)].GetAllStrings(includeParentCultures: true).DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => s.Value);

    private LocalizedString Find(string key)
    {
        foreach (IStringLocalizer set in _sets)
        {
            LocalizedString found = set[key];
            if (!found.ResourceNotFound)
            {
                return found;
            }
        }

        return new LocalizedString(key, key, resourceNotFound: true);
    }
}

/// <summary>Resource set of the shell and of words used everywhere.</summary>
internal sealed class ShellText;
