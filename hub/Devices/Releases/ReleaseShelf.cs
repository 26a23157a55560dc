using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A package that was looked at.</summary>
/// <param name="New">False: the very same was there already.</param>
internal sealed record TakenRelease(string Version, bool New);

/// <summary>The releases that the hub keeps: rows in the database, packages in the data folder. One at a time is taken in.</summary>
internal sealed class ReleaseShelf(HubDbContext db, DataFolder data, ReleaseKey key, AuditTrail audit, ReleaseGate gate, TimeProvider clock)
{
    public const string Operator = "operator";
    public const string Extension = ".tar.gz";
    public const string SignatureExtension = ".sig";

    private string Folder => data.Make("releases");

    /// <summary>Here the installation lays packages.</summary>
    public string Incoming
    {
        get
        {
            _ = Folder;
            return data.Make(Path.Combine("releases", "incoming"));
        }
    }

    /// <returns>An empty file to write a package to; on the same disk as the packages.</returns>
    public string NewFile() => Path.Combine(Folder, $"{Guid.NewGuid():N}.part");

    public Task<List<StoredRelease>> AllAsync(CancellationToken cancel) => db.Set<StoredRelease>().AsNoTracking().ToListAsync(cancel);

    /// <returns>Null: no such release, or it was withdrawn.</returns>
    public Task<StoredRelease?> OfferedAsync(string version, CancellationToken cancel) =>
        db.Set<StoredRelease>().AsNoTracking().SingleOrDefaultAsync(r => r.Version == version && r.WithdrawnAt == null, cancel);

    public string PathOf(StoredRelease release) => Path.Combine(Folder, release.Version + Extension);

    /// <summary>Takes a package in: the file becomes the hub's own, or stays where it is when it is refused.</summary>
    /// <param name="by">Null: the installation.</param>
    public async Task<Result<TakenRelease, ReleaseRefusal>> TakeAsync(string path, string? signature, ReleaseOrigin origin, Caller? by, CancellationToken cancel)
    {
        if (by is not null && !ReleaseRights.MayUpdate(by))
        {
            return ReleaseRefusal.NotAllowed;
        }

        signature = string.IsNullOrWhiteSpace(signature) ? null : signature.Trim();
        if (signature is not null && !ReleasePackage.IsSignature(signature))
        {
            return ReleaseRefusal.BadSignature;
        }

        Result<ReleasePackage, ReleaseRefusal> read = await ReleasePackage.ReadAsync(path, cancel);
        if (read.Refusal is { } refusal)
        {
            return refusal;
        }

        ReleasePackage package = read.Value;
        if (!key.Admits(package.Sha256, signature))
        {
            return ReleaseRefusal.BadSignature;
        }

        await gate.One.WaitAsync(cancel);
        try
        {
            List<StoredRelease> alike = await db.Set<StoredRelease>().AsNoTracking().Where(r => r.Version == package.Version || r.Sha256 == package.Sha256).ToListAsync(cancel);
            if (alike.Find(r => r.Sha256 != package.Sha256) is not null)
            {
                return ReleaseRefusal.OtherContent;
            }

            if (alike.Find(r => r.Version != package.Version) is not null)
            {
                return ReleaseRefusal.SamePackage;
            }

            await KeepAsync(path, package, alike.Count > 0, signature, origin, by, cancel);
            return new TakenRelease(package.Version, alike.Count == 0);
        }
        finally
        {
            gate.One.Release();
        }
    }

    /// <summary>No device gets it any more; or it is offered again.</summary>
    /// <returns>Null: done.</returns>
    public async Task<ReleaseRefusal?> SetWithdrawnAsync(string version, bool withdrawn, Caller caller, CancellationToken cancel)
    {
        if (!ReleaseRights.MayUpdate(caller))
        {
            return ReleaseRefusal.NotAllowed;
        }

        if (await db.Set<StoredRelease>().SingleOrDefaultAsync(r => r.Version == version, cancel) is not { } release)
        {
            return ReleaseRefusal.Unknown;
        }

        if (withdrawn != release.WithdrawnAt is not null)
        {
            release.WithdrawnAt = withdrawn ? clock.GetUtcNow() : null;
            release.WithdrawnBy = withdrawn ? caller.Login : null;
            audit.Add(withdrawn ? AuditAction.WithdrewRelease : AuditAction.RestoredRelease, caller.AccountId, caller.Login, version);
            await db.SaveChangesAsync(cancel);
        }

        return null;
    }

    private async Task KeepAsync(string path, ReleasePackage package, bool known, string? signature, ReleaseOrigin origin, Caller? by, CancellationToken cancel)
    {
        // The file first: a row promises that it is there. One without a row is overwritten by the next try.
        File.Move(path, Path.Combine(Folder, package.Version + Extension), overwrite: true);
        if (known)
        {
            return;
        }

        db.Add(new StoredRelease
        {
            Version = package.Version,
            Sha256 = package.Sha256,
            Bytes = package.Bytes,
            Signature = signature,
            Origin = origin,
            AddedAt = clock.GetUtcNow(),
            AddedBy = by?.Login ?? Operator,
        });
        audit.Add(AuditAction.AddedRelease, by?.AccountId, by?.Login ?? Operator, package.Version, package.Sha256);
        await db.SaveChangesAsync(cancel);
    }
}

/// <summary>Lets one package at a time be taken in.</summary>
internal sealed class ReleaseGate : IDisposable
{
    public SemaphoreSlim One { get; } = new(1, 1);

    public void Dispose() => One.Dispose();
}
