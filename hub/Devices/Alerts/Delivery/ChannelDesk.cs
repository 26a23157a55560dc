using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>What staff do to channels and to messages that were laid aside. Everything is audited, without secrets, and counts at once.</summary>
internal sealed class ChannelDesk(
    HubDbContext db, SecretBox box, ConnectGuard guard, ChannelRegister register, DeliveryLoop loop, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Channels hold credentials and reach outside: for the county's own staff only.</summary>
    public static bool MayKeep(Caller caller) => PageRoles.AlertChannels.Any(caller.Is);

    /// <returns>Empty: it was added.</returns>
    public async Task<IReadOnlyList<ChannelFault>> AddAsync(ChannelKind kind, ChannelForm form, Caller caller, CancellationToken cancel)
    {
        IReadOnlyList<ChannelFault> faults = await FaultsAsync(form, kind, null, cancel);
        if (faults.Count > 0)
        {
            return faults;
        }

        var row = new AlertChannel { Id = Guid.CreateVersion7(), Kind = kind, CreatedAt = clock.GetUtcNow() };
        Fill(row, form, new ChannelSecrets(null, null));
        db.Add(row);
        return await SaveAsync(AuditAction.AddedAlertChannel, row, kind.ToString(), caller, cancel);
    }

    public async Task<IReadOnlyList<ChannelFault>> ChangeAsync(Guid id, ChannelForm form, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } row || row.Version != form.Version)
        {
            return [ChannelFault.Changed];
        }

        IReadOnlyList<ChannelFault> faults = await FaultsAsync(form, row.Kind, row, cancel);
        if (faults.Count > 0)
        {
            return faults;
        }

        string before = row.Name;
        Fill(row, form, box.Open(row.Secrets) ?? new ChannelSecrets(null, null));
        string detail = string.Join(' ', new[]
        {
            before, row.MinimumSeverity.ToString(), string.IsNullOrWhiteSpace(form.Address) ? "" : "new address", string.IsNullOrWhiteSpace(form.Key) ? "" : "new key",
            form.DropKey ? "no key" : "",
        }.Where(t => t.Length > 0));
        return await SaveAsync(AuditAction.ChangedAlertChannel, row, detail, caller, cancel);
    }

    public async Task<IReadOnlyList<ChannelFault>> SwitchAsync(Guid id, bool on, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } row)
        {
            return [ChannelFault.Changed];
        }

        row.Enabled = on;
        return await SaveAsync(on ? AuditAction.EnabledAlertChannel : AuditAction.DisabledAlertChannel, row, row.Name, caller, cancel);
    }

    /// <summary>Forgets its secrets and lets go what waits for it.</summary>
    public async Task<IReadOnlyList<ChannelFault>> RemoveAsync(Guid id, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } row)
        {
            return [ChannelFault.Changed];
        }

        (row.RemovedAt, row.Enabled, row.Secrets) = (clock.GetUtcNow(), false, "");
        IReadOnlyList<ChannelFault> faults = await SaveAsync(AuditAction.RemovedAlertChannel, row, row.Name, caller, cancel);
        if (faults.Count == 0)
        {
            DateTimeOffset now = clock.GetUtcNow();
            await db.Set<AlertMessage>()
                .Where(m => m.ChannelId == id && (m.State == MessageState.Queued || m.State == MessageState.Retry || m.State == MessageState.Dead))
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MessageState.Discarded).SetProperty(m => m.EndedAt, now), cancel);
        }

        return faults;
    }

    /// <summary>Sends a test message now.</summary>
    public async Task<Result<DeliveryOutcome, TrialRefusal>> TryAsync(Guid id, Caller caller, CancellationToken cancel)
    {
        Result<DeliveryOutcome, TrialRefusal> result = await loop.TryAsync(id, cancel);
        if (result.IsOk)
        {
            await audit.WriteAsync(AuditAction.TriedAlertChannel, caller.AccountId, caller.Login, id.ToString(), result.Value.Fault?.ToString() ?? "Sent");
        }

        return result;
    }

    /// <summary>Puts messages that were laid aside into the queue again, as if they were new.</summary>
    /// <param name="message">Null: all of the channel.</param>
    /// <returns>How many.</returns>
    public async Task<int> ResendAsync(Guid id, long? message, Caller caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int count = await Dead(id, message).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, MessageState.Queued).SetProperty(m => m.EndedAt, (DateTimeOffset?)null).SetProperty(m => m.Tries, 0)
                .SetProperty(m => m.AddedAt, now).SetProperty(m => m.Fault, (DeliveryFault?)null), cancel);
        loop.Wake();
        return await NoteAsync(AuditAction.ResentAlertMessages, id, count, caller);
    }

    /// <inheritdoc cref="ResendAsync"/>
    public async Task<int> DiscardAsync(Guid id, long? message, Caller caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int count = await Dead(id, message).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, MessageState.Discarded).SetProperty(m => m.EndedAt, now), cancel);
        return await NoteAsync(AuditAction.DiscardedAlertMessages, id, count, caller);
    }

    private IQueryable<AlertMessage> Dead(Guid id, long? message) => db.Set<AlertMessage>()
        .Where(m => m.ChannelId == id && m.State == MessageState.Dead && (message == null || m.Id == message) && db.Set<AlertChannel>().Any(c => c.Id == id && c.RemovedAt == null));

    private async Task<int> NoteAsync(AuditAction action, Guid id, int count, Caller caller)
    {
        if (count > 0)
        {
            await audit.WriteAsync(action, caller.AccountId, caller.Login, id.ToString(), count.ToString(CultureInfo.InvariantCulture));
        }

        return count;
    }

    private Task<AlertChannel?> FindAsync(Guid id, CancellationToken cancel) =>
        db.Set<AlertChannel>().Include(c => c.Schools).SingleOrDefaultAsync(c => c.Id == id && c.RemovedAt == null, cancel);

    private async Task<IReadOnlyList<ChannelFault>> FaultsAsync(ChannelForm form, ChannelKind kind, AlertChannel? row, CancellationToken cancel)
    {
        bool known = row is not null && box.Open(row.Secrets)?.Address is not null;
        List<ChannelFault> faults = [.. ChannelCheck.FaultsOf(form, kind, known, guard)];
        string name = form.Name?.Trim() ?? "";
        if (await db.Set<AlertChannel>().AnyAsync(c => c.RemovedAt == null && c.Name == name && (row == null || c.Id != row.Id), cancel))
        {
            faults.Add(ChannelFault.NameTaken);
        }

        if (!form.AllSchools && form.Schools.Count > 0 && await db.Set<Schools.School>().CountAsync(s => form.Schools.Contains(s.Id), cancel) != form.Schools.Distinct().Count())
        {
            faults.Add(ChannelFault.NoSchool);
        }

        return faults;
    }

    private void Fill(AlertChannel row, ChannelForm form, ChannelSecrets before)
    {
        row.Name = form.Name!.Trim();
        row.MinimumSeverity = form.MinimumSeverity;
        row.AllSchools = form.AllSchools;
        row.Schools.RemoveAll(s => form.AllSchools || !form.Schools.Contains(s.SchoolId));
        row.Schools.AddRange((form.AllSchools ? [] : form.Schools.Distinct()).Where(s => row.Schools.All(r => r.SchoolId != s)).Select(s => new AlertChannelSchool { SchoolId = s }));
        row.Language = form.Language == ShellFeature.English ? ShellFeature.English : ShellFeature.Chinese;
        row.Keyword = form.Keyword?.Trim() ?? "";
        string? address = string.IsNullOrWhiteSpace(form.Address) ? before.Address : form.Address.Trim();
        string? key = form.DropKey ? null : string.IsNullOrWhiteSpace(form.Key) ? before.Key : form.Key.Trim();
        if (row.Kind == ChannelKind.Mail)
        {
            bool moved = (row.MailHost, row.MailPort, row.MailSecurity) != (form.MailHost!.Trim(), form.MailPort, form.MailSecurity);
            row.Secrets = box.Lock(new ChannelSecrets(null, moved && string.IsNullOrWhiteSpace(form.Key) ? null : key)); // a password never goes to another server than it was entered for
            (row.MailHost, row.MailPort, row.MailSecurity) = (form.MailHost!.Trim(), form.MailPort, form.MailSecurity);
            (row.MailUser, row.MailFrom, row.MailTo) = (form.MailUser?.Trim(), form.MailFrom!.Trim(), string.Join(',', form.Recipients));
            row.Target = row.MailTo.Length <= 300 ? row.MailTo : row.MailTo[..299] + "…";
        }
        else
        {
            row.Secrets = box.Lock(new ChannelSecrets(address, key));
            row.Target = new Uri(address!).Authority;
        }
    }

    private async Task<IReadOnlyList<ChannelFault>> SaveAsync(AuditAction action, AlertChannel row, string detail, Caller caller, CancellationToken cancel)
    {
        row.Version++;
        audit.Add(action, caller.AccountId, caller.Login, row.Id.ToString(), detail);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return [ChannelFault.Changed];
        }
        catch (DbUpdateException)
        {
            return [ChannelFault.NameTaken]; // two people at once: the database has refused the second
        }

        await register.ReloadAsync(cancel);
        loop.Wake();
        return [];
    }
}
