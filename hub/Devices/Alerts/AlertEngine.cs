using System.Collections.Immutable;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>
/// From what the hub sees to alerts and messages. Pure: time, sight and what staff decided go in, the next book, its events and its notices come out;
/// the caller stores all of it in one transaction or takes none of it.
/// </summary>
internal sealed class AlertEngine
{
    private readonly AlertBook _before;
    private readonly AlertSight _sight;
    private readonly AlertPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, AlertCondition> _conditions;
    private readonly HashSet<string> _usable;
    private readonly ImmutableDictionary<string, Alert>.Builder _alerts;
    private readonly ImmutableDictionary<string, FlapTrack>.Builder _tracks;
    private readonly List<Alert> _closed = [];
    private readonly List<AlertHappening> _happenings = [];

    private AlertEngine(AlertBook before, AlertSight sight, AlertPolicy policy, DateTimeOffset now)
    {
        (_before, _sight, _policy, _now) = (before, sight, policy, now);
        (_alerts, _tracks) = (before.Alerts.ToBuilder(), before.Tracks.ToBuilder());
        _conditions = new AlertConditions(sight, policy, before, now).Read();
        _usable = sight.Devices.Where(d => d.View is not { State: HealthState.Disabled }).Select(d => d.DeviceId).ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="now">UTC; not before the last step's.</param>
    public static AlertStep Step(AlertBook before, AlertSight sight, AlertPolicy policy, DateTimeOffset now) =>
        new AlertEngine(before, sight, policy, now).Run();

    private AlertStep Run()
    {
        var unjudged = _sight.Devices.Where(d => d.View is null).Select(d => d.DeviceId).ToHashSet(StringComparer.Ordinal);
        foreach (string fingerprint in _conditions.Keys.Union(_before.Alerts.Keys).Union(_before.Tracks.Keys).Order(StringComparer.Ordinal).ToList())
        {
            if (!(_alerts.TryGetValue(fingerprint, out Alert? alert) && alert.DeviceId is { } device && unjudged.Contains(device)))
            {
                Fold(fingerprint, alert);
            }
        }

        Mute();
        var told = new AlertTelling(_alerts, _before.Groups, _policy, _now);
        IReadOnlyList<PlannedNotice> notices = told.Tell(_sight.AliveDue, _happenings);
        foreach (Alert over in _alerts.Values.Where(a => !a.IsOpen && !a.OwesAnEnd).ToList())
        {
            _alerts.Remove(over.Fingerprint);
            _closed.Add(over);
        }

        var after = new AlertBook(_alerts.ToImmutable(), told.Groups, _tracks.ToImmutable());
        bool same = ReferenceEquals(after.Alerts, _before.Alerts) && ReferenceEquals(after.Groups, _before.Groups) && ReferenceEquals(after.Tracks, _before.Tracks);
        return new AlertStep(_before, same ? _before : after, _closed, _happenings, notices);
    }

    private void Fold(string fingerprint, Alert? alert)
    {
        AlertCondition? condition = _conditions.TryGetValue(fingerprint, out AlertCondition found) ? found : null;
        bool was = alert is { IsOpen: true, QuietSince: null };
        bool flaps = Track(fingerprint, was != condition is not null);
        Alert? next = condition is { } wrong ? OnWrong(alert, wrong) : alert is { IsOpen: true } ? OnQuiet(alert, flaps) : alert;
        if (next is not null)
        {
            next = OnFlapping(next, flaps);
            if (next != alert)
            {
                _alerts[fingerprint] = next;
            }
        }
    }

    private bool Track(string fingerprint, bool changed)
    {
        _tracks.TryGetValue(fingerprint, out FlapTrack? track);
        if (track is null && !changed)
        {
            return false;
        }

        FlapTrack next = (track ?? new FlapTrack { Fingerprint = fingerprint }).On(changed, _policy.Options, _now);
        if (next.Idle)
        {
            _tracks.Remove(fingerprint);
        }
        else if (next != track)
        {
            _tracks[fingerprint] = next;
        }

        return next.Flaps;
    }

    private Alert OnWrong(Alert? alert, AlertCondition condition)
    {
        Alert draft = condition.Draft;
        if (alert is null)
        {
            Alert raised = draft with { Id = Alert.IdOf(draft.Fingerprint, _now), RaisedAt = _now, Worst = draft.Severity };
            return Happened(raised, AlertEventKind.Raised);
        }

        Alert next = alert with
        {
            SchoolId = draft.SchoolId,
            RoomId = draft.RoomId,
            Town = draft.Town,
            School = draft.School,
            Room = draft.Room,
            Severity = draft.Severity,
            Worst = draft.Severity > alert.Worst ? draft.Severity : alert.Worst,
            QuietSince = null,
            EndsAt = null,
            Ending = null,
            Value = draft.Severity != alert.Severity || alert.Value is null || AlertKinds.Counts(alert.Kind) ? draft.Value : alert.Value, // not a write for every reading
        };
        return !alert.IsOpen ? Happened(next, AlertEventKind.Returned)
            : next.Severity != alert.Severity ? Happened(next, AlertEventKind.SeverityChanged)
            : next;
    }

    /// <summary>A flapping alert stays open, and so does one that may return at once; what it shows is that it is quiet.</summary>
    private Alert OnQuiet(Alert alert, bool flaps)
    {
        AlertEnding why = !_policy.RuleOf(alert.Kind).On ? AlertEnding.RuleOff
            : alert.DeviceId is { } id && !_usable.Contains(id) ? AlertEnding.DeviceGone
            : AlertEnding.Recovered;
        DateTimeOffset quiet = alert.QuietSince ?? _now;
        bool held = why == AlertEnding.Recovered && (flaps || _now - quiet < AlertKinds.HoldOf(alert.Kind));
        return held
            ? alert with { QuietSince = quiet }
            : Happened(alert with { QuietSince = quiet, EndsAt = quiet > alert.StartsAt ? quiet : alert.StartsAt, Ending = why, Mute = AlertMute.None }, AlertEventKind.Ended);
    }

    /// <summary>Flapping is told once when it begins and once when it stops: both make the alert new.</summary>
    private Alert OnFlapping(Alert alert, bool flaps)
    {
        if ((flaps && alert.IsOpen) == alert.FlappingSince is not null)
        {
            return alert;
        }

        return alert.FlappingSince is null
            ? Happened(alert with { FlappingSince = _now, Told = null }, AlertEventKind.FlappingStarted)
            : Happened(alert with { FlappingSince = null, Told = alert.IsOpen ? null : alert.Told }, AlertEventKind.FlappingStopped);
    }

    private void Mute()
    {
        HashSet<Guid> cutOff = [.. _alerts.Values.Where(a => a is { IsOpen: true, Kind: AlertKind.SchoolOffline }).Select(a => a.SchoolId!.Value)];
        List<AlertSilence> silences = [.. _policy.Silences.Where(s => s.IsInForce(_now))];
        foreach (Alert alert in _alerts.Values.Where(a => a.IsOpen).ToList())
        {
            bool follows = AlertKinds.FollowsFromSilence(alert.Kind);
            AlertMute mute =
                _conditions.TryGetValue(alert.Fingerprint, out AlertCondition condition) && condition.Maintained ? AlertMute.Maintenance
                : silences.Exists(s => s.Fits(alert)) ? AlertMute.Silenced
                : _sight.Blind && (follows || alert.Kind == AlertKind.SchoolOffline) ? AlertMute.HubBlind
                : follows && alert.SchoolId is { } school && cutOff.Contains(school) ? AlertMute.SchoolOffline
                : AlertMute.None;
            if (mute != alert.Mute)
            {
                _alerts[alert.Fingerprint] = alert with { Mute = mute };
            }
        }
    }

    /// <summary>What only ever was information has its row and needs no diary.</summary>
    private Alert Happened(Alert alert, AlertEventKind kind)
    {
        if (alert.Worst > AlertSeverity.Information)
        {
            _happenings.Add(new AlertHappening(alert, kind));
        }

        return alert;
    }
}
