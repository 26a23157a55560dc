using System.Text.RegularExpressions;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>A user as the database has it.</summary>
internal sealed record KnownUser(string DeviceId, bool Disabled);

/// <summary>What makes the broker's users agree with the database's. Pure.</summary>
/// <param name="Changes">What the broker can be asked to do.</param>
/// <param name="Missing">Users that the broker lacks and whose password nobody remembers.</param>
internal sealed partial record Reconciliation(IReadOnlyList<BrokerChange> Changes, IReadOnlyList<string> Missing)
{
    /// <param name="truth">All users of the database, read after the broker was asked: one that was added meanwhile is no ghost.</param>
    /// <param name="settled">Those of them that were there before it was asked: one that was added meanwhile is not missing.</param>
    /// <param name="found">All users of the broker.</param>
    /// <param name="remembered">Passwords handed out that the broker has not been told yet, by device.</param>
    public static Reconciliation Between(
        IReadOnlyCollection<KnownUser> truth, IReadOnlySet<string> settled, IReadOnlyCollection<ListedUser> found, IReadOnlyDictionary<string, string> remembered)
    {
        // Names are case-insensitive to the plugin and lower case with us.
        var there = found.ToDictionary(u => u.Username, u => u.Disabled, StringComparer.OrdinalIgnoreCase);
        var known = truth.Select(u => u.DeviceId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var changes = new List<BrokerChange>();
        var missing = new List<string>();
        changes.AddRange(found.Where(u => IsDevice(u.Username) && !known.Contains(u.Username)).Select(u => new DeleteUser(u.Username)));
        foreach (KnownUser user in truth)
        {
            if (!there.TryGetValue(user.DeviceId, out bool disabled))
            {
                if (user.Disabled || !settled.Contains(user.DeviceId))
                {
                    continue; // an unknown user is refused just as well as a disabled one
                }

                if (remembered.TryGetValue(user.DeviceId, out string? password))
                {
                    changes.Add(new CreateUser(user.DeviceId, password));
                }
                else
                {
                    missing.Add(user.DeviceId);
                }

                continue;
            }

            if (remembered.TryGetValue(user.DeviceId, out string? changed))
            {
                changes.Add(new SetPassword(user.DeviceId, changed));
            }

            if (disabled != user.Disabled)
            {
                changes.Add(user.Disabled ? new DisableUser(user.DeviceId) : new EnableUser(user.DeviceId));
            }
        }

        return new Reconciliation(changes, missing);
    }

    /// <summary>A county's own broker has other users too; those are not ours to remove.</summary>
    private static bool IsDevice(string username) => DeviceName().IsMatch(username);

    [GeneratedRegex("^agt-[a-z2-7]{10}$", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
