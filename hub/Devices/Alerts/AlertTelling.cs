using System.Collections.Immutable;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Decides what of the alerts is told now, group by group. Pure; one step of <see cref="AlertEngine"/> uses it once.</summary>
internal sealed class AlertTelling(
    ImmutableDictionary<string, Alert>.Builder alerts, ImmutableDictionary<string, AlertGroup> before, AlertPolicy policy, DateTimeOffset now)
{
    private readonly ImmutableDictionary<string, AlertGroup>.Builder _groups = before.ToBuilder();
    private readonly AlertsOptions _options = policy.Options;

    public ImmutableDictionary<string, AlertGroup> Groups => _groups.ToImmutable();

    /// <summary>Marks what is told in the alerts, and adds it to their events.</summary>
    public IReadOnlyList<PlannedNotice> Tell(DateTimeOffset? aliveDue, List<AlertHappening> happenings)
    {
        List<PlannedNotice> notices = [];
        var byGroup = alerts.Values.ToLookup(a => a.GroupKey, StringComparer.Ordinal);
        foreach (string key in byGroup.Select(g => g.Key).Union(_groups.Keys).Where(k => k != AlertGroup.Alive).Order(StringComparer.Ordinal).ToList())
        {
            if (Of(key, [.. byGroup[key]], happenings) is { } notice)
            {
                notices.Add(notice);
            }
        }

        if (Alive(aliveDue) is { } alive)
        {
            notices.Add(alive);
        }

        return notices;
    }

    private PlannedNotice? Of(string key, List<Alert> group, List<AlertHappening> happenings)
    {
        AlertGroup known = _groups.TryGetValue(key, out AlertGroup? found) ? found : new AlertGroup { Key = key };
        List<Alert> telling = group.FindAll(a => a.IsOpen && a.Mute == AlertMute.None && a.Severity >= _options.TellFrom);
        List<Alert> news = telling.FindAll(IsNews);
        List<Alert> over = group.FindAll(a => a.OwesAnEnd);
        AlertGroup next = known with { PendingSince = news.Count + over.Count > 0 ? known.PendingSince ?? now : null };
        PlannedNotice? notice = null;
        if (next.PendingSince is { } since && now - since >= _options.GroupWait && now - (news.Count > 0 ? known.FiredAt : known.NoticedAt) is var gap && !(gap < _options.GroupInterval))
        {
            List<Alert> active = news.Count > 0 ? telling.FindAll(a => IsNews(a) || Unattended(a)) : [];
            notice = Notice(key, news.Count > 0 ? NoticeKind.Firing : NoticeKind.Resolved, active, over, telling.Count(a => a.Told is not null && !active.Contains(a)), happenings);
            next = next with { PendingSince = null, NoticedAt = now, FiredAt = news.Count > 0 ? now : known.FiredAt };
        }
        else if (known.NoticedAt is { } noticed && now - noticed >= _options.RepeatInterval && telling.FindAll(Unattended) is { Count: > 0 } unattended)
        {
            notice = Notice(key, NoticeKind.Reminder, unattended, [], telling.Count(a => a.Told is not null && !unattended.Contains(a)), happenings);
            next = next with { NoticedAt = now };
        }

        if (next != known)
        {
            _groups[key] = next;
        }

        return notice;
    }

    /// <summary>Not told yet, or worse than told; while it flaps only that it does.</summary>
    private static bool IsNews(Alert alert) => alert.Told is not { } told || (alert.FlappingSince is null && alert.Severity > told);

    private bool Unattended(Alert alert) => alert is { Told: not null, FlappingSince: null } && !policy.Acknowledged.Contains(alert.Id);

    private PlannedNotice Notice(string key, NoticeKind kind, List<Alert> active, List<Alert> over, int remaining, List<AlertHappening> happenings)
    {
        active = [.. active.Select(a => Mark(a with { Told = a.Severity, WorstTold = a.WorstTold is { } worst && worst > a.Severity ? worst : a.Severity })).Order(Urgency)];
        over = [.. over.Select(a => Mark(a with { OverTold = true })).Order(Urgency)];
        IEnumerable<AlertSeverity> weights = active.Select(a => a.Severity).Concat(over.Select(a => a.WorstTold!.Value));
        List<IReadOnlyList<Guid>> channels = [.. active.Concat(over).Select(a => policy.RuleOf(a.Kind).ChannelIds)];
        return new PlannedNotice(
            key, kind, weights.Max(), active, over, remaining, now, channels.Exists(c => c.Count == 0) ? [] : [.. channels.SelectMany(c => c).Distinct().Order()]);

        Alert Mark(Alert told)
        {
            alerts[told.Fingerprint] = told;
            happenings.Add(new AlertHappening(told, AlertEventKind.Told, kind));
            return told;
        }
    }

    /// <summary>Once a day. A hub that begins its life remembers only from when on it lives.</summary>
    private PlannedNotice? Alive(DateTimeOffset? aliveDue)
    {
        if (aliveDue is not { } due)
        {
            return null;
        }

        bool begins = !_groups.TryGetValue(AlertGroup.Alive, out AlertGroup? last);
        if (!begins && (due > now || last!.NoticedAt >= due))
        {
            return null;
        }

        _groups[AlertGroup.Alive] = new AlertGroup { Key = AlertGroup.Alive, NoticedAt = now };
        int open = alerts.Values.Count(a => a.IsOpen && a.Severity >= _options.TellFrom);
        return begins ? null : new PlannedNotice(AlertGroup.Alive, NoticeKind.Alive, AlertSeverity.Information, [], [], open, now, []);
    }

    public static readonly Comparer<Alert> Urgency = Comparer<Alert>.Create((a, b) =>
        a.Severity != b.Severity ? b.Severity.CompareTo(a.Severity)
        : a.StartsAt != b.StartsAt ? a.StartsAt.CompareTo(b.StartsAt)
        : string.CompareOrdinal(a.Fingerprint, b.Fingerprint));
}
