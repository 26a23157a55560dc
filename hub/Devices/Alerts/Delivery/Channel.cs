namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>A channel as the queue and the loop know it: a snapshot of <see cref="AlertChannel"/>.</summary>
/// <param name="Schools">Ids and names of the schools it serves; null: all.</param>
internal sealed record Channel(
    Guid Id, string Name, ChannelKind Kind, AlertSeverity MinimumSeverity, IReadOnlySet<string>? Schools, string Language, string Keyword, bool Enabled,
    MailRoute? Mail, string LockedSecrets)
{
    public static Channel Of(AlertChannel row) => new(
        row.Id, row.Name, row.Kind, row.MinimumSeverity,
        row.AllSchools ? null : row.Schools.SelectMany(s => new[] { s.SchoolId.ToString(), s.School.Name }).ToHashSet(StringComparer.OrdinalIgnoreCase),
        row.Language, row.Keyword, row.Enabled, MailRoute.Of(row), row.Secrets);

    /// <summary>What of a notice this channel is told. Pure.</summary>
    /// <returns>
    /// Null: nothing. A channel for some schools gets the alerts of these only, and nothing that is about no school. A test and the sign of life go to
    /// every channel that serves the whole county, whatever they weigh.
    /// </returns>
    public AlertNotice? Takes(AlertNotice notice)
    {
        if (!Enabled)
        {
            return null;
        }

        bool sign = notice.Kind is NoticeKind.Alive or NoticeKind.Test;
        if (Schools is null)
        {
            return sign || notice.Severity >= MinimumSeverity ? notice : null;
        }

        NoticeAlert[] own = [.. notice.Alerts.Where(a => a.Labels.TryGetValue(AlertLabels.School, out string? school) && Schools.Contains(school))];
        if (sign || own.Length == 0)
        {
            return null;
        }

        AlertNotice cut = own.Length == notice.Alerts.Count ? notice : notice with { Alerts = own, Truncated = 0, Severity = own.Max(a => a.Severity) };
        return cut.Severity >= MinimumSeverity ? cut : null;
    }
}

/// <summary>How mail goes out. The account's password is among the channel's secrets.</summary>
/// <param name="User">Empty: the server asks for no sign-in.</param>
internal sealed record MailRoute(string Host, int Port, MailSecurity Security, string User, string From, IReadOnlyList<string> To)
{
    public static MailRoute? Of(AlertChannel row) => row.Kind != ChannelKind.Mail ? null : new(
        row.MailHost ?? "", row.MailPort ?? 0, row.MailSecurity ?? MailSecurity.StartTls, row.MailUser ?? "", row.MailFrom ?? "",
        (row.MailTo ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
