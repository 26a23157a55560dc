namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>From issues to the one state and the one reason that are shown. Pure.</summary>
internal static class Verdicts
{
    public static (HealthState State, HealthReason Reason) Of(
        HealthContext context, PresenceState presence, Presence connection, IReadOnlyList<CurrentIssue> issues, HealthOptions options, DateTimeOffset now)
    {
        if (context.DisabledAt is { } disabled)
        {
            return (HealthState.Disabled, new HealthReason("Health.Why.Disabled", Since: disabled));
        }

        if (context.Maintenance is { } window && window.Covers(now))
        {
            return (HealthState.Maintenance, new HealthReason("Health.Why.Maintenance", Since: window.From, Text: window.Reason));
        }

        return presence switch
        {
            PresenceState.Never => Never(context, options, now),
            PresenceState.Unseen => (HealthState.Unmonitored, new HealthReason(
                context.Sight.Blind ? "Health.Why.Blind" : "Health.Why.Looking", Since: context.Sight.Since)),
            _ => Seen(presence, connection, context, issues),
        };
    }

    private static (HealthState, HealthReason) Never(HealthContext context, HealthOptions options, DateTimeOffset now) =>
        now - context.EnrolledAt < options.Onboarding
            ? (HealthState.Onboarding, new HealthReason("Health.Why.Onboarding", Since: context.EnrolledAt))
            : (HealthState.Unmonitored, new HealthReason(context.Contact is null ? "Health.Why.NeverReported" : "Health.Why.OnlyLessons", Since: context.EnrolledAt));

    private static (HealthState, HealthReason) Seen(PresenceState presence, Presence connection, HealthContext context, IReadOnlyList<CurrentIssue> issues)
    {
        if (issues is not [var worst, ..])
        {
            return (HealthState.Healthy, new HealthReason("Health.Why.Healthy", Since: connection.ConnectedAt));
        }

        HealthReason why = ReasonOf(worst, connection);
        if (presence != PresenceState.Up)
        {
            // A device that is away is never called healthy: outside lessons it is simply not watched.
            CurrentIssue away = issues.FirstOrDefault(i => i.Kind is IssueKind.Offline or IssueKind.NoHeartbeat) ?? worst;
            why = ReasonOf(away, connection);
            return (away.Severity switch
            {
                IssueSeverity.Critical => HealthState.Critical,
                IssueSeverity.Warning => HealthState.Degraded,
                IssueSeverity.Information => HealthState.Unmonitored,
            }, why);
        }

        return worst.Severity switch
        {
            IssueSeverity.Critical => (HealthState.Critical, why),
            IssueSeverity.Warning => (HealthState.Degraded, why),
            IssueSeverity.Information => (HealthState.Healthy, new HealthReason("Health.Why.Healthy", Since: connection.ConnectedAt)),
        };
    }

    private static HealthReason ReasonOf(CurrentIssue issue, Presence connection) => new(
        issue is { Kind: IssueKind.Offline } && connection.DownReason == "shutdown" ? "Health.Why.SwitchedOff" : $"Issue.{issue.Kind}.What",
        issue.Kind, issue.Part, issue.Value, issue.Since);
}
