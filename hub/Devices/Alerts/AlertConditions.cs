using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Something that is wrong now and has lasted long enough for its rule.</summary>
/// <param name="Draft">An alert without a history.</param>
/// <param name="Maintained">Staff work on its device.</param>
internal readonly record struct AlertCondition(Alert Draft, bool Maintained);

/// <summary>Reads off a sight what deserves an alert. Pure; the order of devices and issues does not matter.</summary>
internal sealed class AlertConditions(AlertSight sight, AlertPolicy policy, AlertBook known, DateTimeOffset now)
{
    private const string SwitchedOff = "Health.Why.SwitchedOff";

    /// <returns>One at most per fingerprint.</returns>
    public Dictionary<string, AlertCondition> Read()
    {
        Dictionary<string, AlertCondition> found = new(StringComparer.Ordinal);
        IEnumerable<AlertCondition> all = sight.Devices.SelectMany(OfDevice)
            .Concat(sight.Devices.GroupBy(d => d.SchoolId).Select(OfSchool).OfType<AlertCondition>())
            .Concat(OfHub() is { } hub ? [hub] : [])
            .Concat(OfLessons() is { } lessons ? [lessons] : []);
        foreach (AlertCondition condition in all.Where(Counts))
        {
            found.TryAdd(condition.Draft.Fingerprint, condition);
        }

        return found;
    }

    /// <summary>The rule is on, and it has lasted: what is open already is not asked again.</summary>
    private bool Counts(AlertCondition condition) =>
        policy.RuleOf(condition.Draft.Kind) is { On: true } rule
        && (now - condition.Draft.StartsAt >= rule.Duration || (known.Alerts.TryGetValue(condition.Draft.Fingerprint, out Alert? open) && open.IsOpen));

    /// <summary>Alerts of one device at once, the gravest first: its page has the rest.</summary>
    private const int MostOfOneDevice = 12;

    private IEnumerable<AlertCondition> OfDevice(WatchedDevice device)
    {
        foreach (EvidenceTrouble trouble in device.Evidence)
        {
            yield return new AlertCondition(Draft(device, trouble.Kind, "", trouble.Records, trouble.Since, device.View?.Moment ?? RoomMoment.Idle), false);
        }

        // What is away because somebody switched it off outside lessons is in order.
        foreach (CurrentIssue issue in device.View is { State: not HealthState.Disabled } view
            ? view.Issues.Where(i => i.Kind != IssueKind.Offline || i.Severity != IssueSeverity.Information || view.Reason.Key != SwitchedOff).Take(MostOfOneDevice) : [])
        {
            AlertKind kind = AlertKinds.Of(issue.Kind);
            string part = issue.Part.Length <= 120 ? issue.Part : issue.Part[..120];
            yield return new AlertCondition(Draft(device, kind, part, issue.Value, issue.Since, device.View!.Moment), device.View.State == HealthState.Maintenance);
        }
    }

    private Alert Draft(WatchedDevice device, AlertKind kind, string part, double? value, DateTimeOffset since, RoomMoment moment) => new()
    {
        Fingerprint = Alert.FingerprintOf(kind, null, device.DeviceId, part),
        Kind = kind,
        SchoolId = device.SchoolId,
        RoomId = device.RoomId,
        DeviceId = device.DeviceId,
        Part = part,
        Town = device.Town,
        School = device.School,
        Room = device.Room,
        Severity = policy.RuleOf(kind).SeverityAt(moment),
        Value = value is { } number && double.IsFinite(number) ? number : null,
        StartsAt = since < now ? since : now,
    };

    /// <returns>Null: the school can be reached.</returns>
    private AlertCondition? OfSchool(IGrouping<Guid, WatchedDevice> school)
    {
        List<WatchedDevice> counted = [.. school.Where(d =>
            d.View is { State: not (HealthState.Disabled or HealthState.Maintenance), Presence: not PresenceState.Never } view && view.Reason.Key != SwitchedOff)];
        List<DateTimeOffset> away = [.. counted.SelectMany(d => d.View!.Issues.Where(i => i.Kind == IssueKind.Offline).Take(1)).Select(i => i.Since).Order()];
        int enough = Math.Max(2, ((counted.Count * policy.Options.SchoolPercent) + 99) / 100);
        if (away.Count < enough)
        {
            return null;
        }

        WatchedDevice first = counted.MinBy(d => d.DeviceId, StringComparer.Ordinal)!;
        AlertRule rule = policy.RuleOf(AlertKind.SchoolOffline);
        return new AlertCondition(new Alert
        {
            Fingerprint = Alert.FingerprintOf(AlertKind.SchoolOffline, school.Key, null, ""),
            Kind = AlertKind.SchoolOffline,
            SchoolId = school.Key,
            Town = first.Town,
            School = first.School,
            Value = away.Count,
            Severity = counted.Max(d => rule.SeverityAt(d.View!.Moment)),
            StartsAt = away[enough - 1] < now ? away[enough - 1] : now,
        }, false);
    }

    private AlertCondition? OfHub()
    {
        if (sight.Sight is not { Blind: true } blind)
        {
            return null;
        }

        AlertRule rule = policy.RuleOf(AlertKind.HubBlind);
        return new AlertCondition(new Alert
        {
            Fingerprint = Alert.FingerprintOf(AlertKind.HubBlind, null, null, ""),
            Kind = AlertKind.HubBlind,
            Value = sight.Devices.Count,
            Severity = sight.Devices.Select(d => rule.SeverityAt(d.View?.Moment ?? RoomMoment.Idle)).DefaultIfEmpty(rule.SeverityAt(RoomMoment.Idle)).Max(),
            StartsAt = blind.Since < now ? blind.Since : now,
        }, false);
    }

    private AlertCondition? OfLessons() => sight.ToDecide is { } waiting
        ? new AlertCondition(new Alert
        {
            Fingerprint = Alert.FingerprintOf(AlertKind.LessonsToDecide, null, null, ""),
            Kind = AlertKind.LessonsToDecide,
            Value = waiting.Lessons,
            Severity = policy.RuleOf(AlertKind.LessonsToDecide).SeverityAt(RoomMoment.Idle),
            StartsAt = waiting.Since < now ? waiting.Since : now,
        }, false)
        : null;
}
