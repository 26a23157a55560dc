using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>A code just made. The only moment at which its letters exist in the hub.</summary>
/// <param name="Code">As people read it: <c>XXXX-XXXX</c>.</param>
internal sealed record IssuedCode(string Code, DateTimeOffset ExpiresAt);

/// <summary>Makes enrolment codes and recognises them. Spending one is <see cref="Enrolment"/>'s.</summary>
internal sealed class EnrolmentCodes(
    HubDbContext db, AuditTrail audit, CodeTries tries, IHttpContextAccessor http, DevicesOptions options, TimeProvider clock, ILogger<EnrolmentCodes> log)
{
    /// <summary>So long after its end a code is still answered with "expired" or "used" instead of "no such code".</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>Bounds the work of one request: 34 ms or so per row.</summary>
    private const int RowsPerPrefix = 4;

    /// <summary>Used when no row has the prefix: the answer's time does not tell which prefixes exist.</summary>
    private static readonly string NoSalt = ClaimCode.NewSalt();

    /// <param name="caller">Null: the operator, at the command line.</param>
    public async Task<IssuedCode> IssueAsync(Guid classroomId, DeviceRole role, Caller? caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow(), forgotten = now - Remembered;
        await db.Set<EnrolmentCode>().Where(c => c.ExpiresAt < forgotten).ExecuteDeleteAsync(cancel);
        string letters = ClaimCode.New();
        while (await HasPrefixAsync(ClaimCode.PrefixOf(letters), now, cancel))
        {
            letters = ClaimCode.New(); // a wrong try then burns one code only
        }

        string salt = ClaimCode.NewSalt();
        var code = new EnrolmentCode
        {
            Id = Guid.CreateVersion7(),
            Prefix = ClaimCode.PrefixOf(letters),
            Hash = ClaimCode.Hash(letters, salt),
            Salt = salt,
            ClassroomId = classroomId,
            Role = role,
            IssuedAt = now,
            ExpiresAt = now + options.CodeLifetime,
        };
        db.Add(code);
        audit.Add(AuditAction.IssuedEnrolmentCode, caller?.AccountId, caller?.Login ?? "operator", classroomId.ToString(), $"{code.Id} {role}");
        await db.SaveChangesAsync(cancel);
        return new IssuedCode(ClaimCode.Shown(letters), code.ExpiresAt);
    }

    /// <summary>Ends an open code at once; whoever types it hears that it has expired.</summary>
    public async Task RevokeAsync(Guid codeId, Caller caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (await db.Set<EnrolmentCode>().SingleOrDefaultAsync(c => c.Id == codeId && c.UsedAt == null && c.ExpiresAt > now, cancel) is { } code)
        {
            code.ExpiresAt = now;
            audit.Add(AuditAction.RevokedEnrolmentCode, caller.AccountId, caller.Login, code.ClassroomId.ToString(), code.Id.ToString());
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Wrong tries, of several networks, that burn a code.</summary>
    private int BurntAfter => options.WrongTries * CodeTries.NetworksToBurn;

    /// <summary>Finds the code that was typed. A wrong one counts against the network, and against the live code that begins like it.</summary>
    /// <returns>A code that was good a moment ago; whoever spends it must make sure in one statement that it still is.</returns>
    public async Task<Result<EnrolmentCode, DeviceRefusal>> FindAsync(string typed, CancellationToken cancel)
    {
        if (ClaimCode.Normalise(typed) is not { } letters)
        {
            return DeviceRefusal.BadCode;
        }

        string prefix = ClaimCode.PrefixOf(letters), network = SignInTries.NetworkOf(http.HttpContext?.Connection.RemoteIpAddress);
        if (!tries.MayTry(network, prefix, clock.GetUtcNow()))
        {
            return DeviceRefusal.TooManyTries;
        }

        List<EnrolmentCode> rows = await db.Set<EnrolmentCode>().AsNoTracking()
            .Where(c => c.Prefix == prefix).OrderByDescending(c => c.IssuedAt).Take(RowsPerPrefix).ToListAsync(cancel);
        if (rows.Count == 0)
        {
            ClaimCode.Hash(letters, NoSalt);
        }

        if (rows.Find(c => ClaimCode.Matches(letters, c.Salt, c.Hash)) is { } code)
        {
            return StateOf(code) is { } refusal ? refusal : code;
        }

        tries.Count(network, prefix, clock.GetUtcNow());
        await CountWrongTryAsync(prefix, cancel);
        return DeviceRefusal.BadCode;
    }

    /// <returns>Null while the code can be spent.</returns>
    public DeviceRefusal? StateOf(EnrolmentCode code) =>
        code.UsedAt is not null ? DeviceRefusal.CodeUsed
        : code.WrongTries >= BurntAfter ? DeviceRefusal.TooManyTries
        : code.ExpiresAt <= clock.GetUtcNow() ? DeviceRefusal.CodeExpired
        : null;

    /// <summary>Spends the code if nobody else was quicker: one statement, so that exactly one of many claims wins.</summary>
    public async Task<bool> TrySpendAsync(Guid codeId, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int burntAfter = BurntAfter;
        return await db.Set<EnrolmentCode>()
            .Where(c => c.Id == codeId && c.UsedAt == null && c.WrongTries < burntAfter && c.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancel) == 1;
    }

    private Task<bool> HasPrefixAsync(string prefix, DateTimeOffset now, CancellationToken cancel) => db.Set<EnrolmentCode>()
        .AnyAsync(c => c.Prefix == prefix && c.UsedAt == null && c.ExpiresAt > now, cancel);

    private async Task CountWrongTryAsync(string prefix, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int burntAfter = BurntAfter;
        IQueryable<EnrolmentCode> live = db.Set<EnrolmentCode>().Where(c => c.Prefix == prefix && c.UsedAt == null && c.ExpiresAt > now);
        await live.Where(c => c.WrongTries < burntAfter)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.WrongTries, c => c.WrongTries + 1), cancel);
        if (await live.AnyAsync(c => c.WrongTries >= burntAfter, cancel))
        {
            log.CodeBurnt();
        }
    }
}
