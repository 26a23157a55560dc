using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>
/// Sign-ins and whether they still run: not signed out, not over, password and roles as they were, not locked out. Asked at every request and therefore
/// remembered for a moment. Thread-safe.
/// </summary>
internal sealed class Sessions(IServiceScopeFactory scopes, AccountsOptions options, TimeProvider clock)
{
    public const string Claim = "tc:session";

    /// <summary>How long an answer is believed: what ended in another process (a password reset at the hub's machine) works on for no longer than this.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (bool Runs, long ReadAt)> _known = new();

    /// <summary>A session ended in this process. Called on the ender's thread; must return at once.</summary>
    public event Action<Guid>? Ended;

    public static Guid? Of(ClaimsPrincipal principal) => Guid.TryParse(principal.FindFirstValue(Claim), out Guid id) ? id : null;

    /// <summary>Begins a session for a principal that is being signed in and puts it into the principal.</summary>
    public async Task BeginAsync(ClaimsPrincipal principal)
    {
        if (Caller.From(principal) is not { } caller || principal.Identity is not ClaimsIdentity identity)
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        await db.Set<AccountSession>().Where(s => s.AccountId == caller.AccountId && s.EndsAt < now).ExecuteDeleteAsync();
        string stamp = await db.Set<Account>().Where(a => a.Id == caller.AccountId).Select(a => a.SecurityStamp).SingleAsync() ?? "";
        var session = new AccountSession
        {
            Id = Guid.CreateVersion7(),
            AccountId = caller.AccountId,
            Stamp = stamp,
            BeganAt = now,
            EndsAt = now + options.SessionLimit,
        };
        db.Add(session);
        await db.SaveChangesAsync();
        identity.AddClaim(new Claim(Claim, session.Id.ToString()));
    }

    public async ValueTask<bool> RunsAsync(Guid id, CancellationToken cancel = default)
    {
        if (_known.TryGetValue(id, out var known) && (!known.Runs || clock.GetElapsedTime(known.ReadAt) < Believed))
        {
            return known.Runs;
        }

        long asked = clock.GetTimestamp();
        bool runs = (await EndedAmongAsync([id], cancel)).Count == 0;
        _known[id] = (runs, asked);
        return runs;
    }

    /// <summary>Those that run no longer. What was seen ended once stays ended, also when a lock-out has passed meanwhile.</summary>
    public async Task<IReadOnlyList<Guid>> EndedAmongAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<Guid> running = await db.Set<AccountSession>()
            .Where(s => ids.Contains(s.Id) && s.EndedAt == null && s.EndsAt > now && s.Account.SecurityStamp == s.Stamp
                && (s.Account.LockoutEnd == null || s.Account.LockoutEnd <= now))
            .Select(s => s.Id).ToListAsync(cancel);
        Guid[] ended = [.. ids.Except(running)];
        foreach (Guid id in ended)
        {
            _known[id] = (false, clock.GetTimestamp());
        }

        if (ended.Length > 0)
        {
            await db.Set<AccountSession>().Where(s => ended.Contains(s.Id) && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancel);
        }

        return ended;
    }

    /// <summary>Signs out: the cookie is worth nothing from now on, wherever a copy of it lies.</summary>
    public async Task EndAsync(ClaimsPrincipal principal)
    {
        if (Of(principal) is not { } id)
        {
            return;
        }

        _known[id] = (false, clock.GetTimestamp());
        Ended?.Invoke(id);
        DateTimeOffset now = clock.GetUtcNow();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<AccountSession>()
            .Where(s => s.Id == id && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now));
    }

    /// <summary>The cookie handler's events.</summary>
    public static void Watch(CookieAuthenticationEvents events)
    {
        events.OnSigningIn = context => Here(context.HttpContext).BeginAsync(context.Principal!);
        events.OnValidatePrincipal = async context =>
        {
            if (context.Principal is not { } principal || Of(principal) is not { } id || !await Here(context.HttpContext).RunsAsync(id, context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
                return;
            }

            await SecurityStampValidator.ValidatePrincipalAsync(context);
        };
    }

    private static Sessions Here(HttpContext context) => context.RequestServices.GetRequiredService<Sessions>();
}
