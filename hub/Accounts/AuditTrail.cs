using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Writes the audit trail. Use it in the scope whose change it tells about: <see cref="Add"/> is saved together with that change.</summary>
internal sealed class AuditTrail(HubDbContext db, TimeProvider clock, IHttpContextAccessor http)
{
    /// <summary>Adds an entry to be saved with the caller's own changes.</summary>
    public void Add(AuditAction action, Guid? accountId, string actor, string subject, string? detail = null) => db.Set<AuditEntry>().Add(new AuditEntry
    {
        At = clock.GetUtcNow(),
        Action = action,
        AccountId = accountId,
        Actor = actor,
        Subject = subject,
        Detail = detail,
        Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
    });

    /// <summary>Adds an entry and saves at once.</summary>
    public Task WriteAsync(AuditAction action, Guid? accountId, string actor, string subject, string? detail = null)
    {
        Add(action, accountId, actor, subject, detail);
        return db.SaveChangesAsync();
    }
}
