using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>What a person does to a rollout that is there.</summary>
internal enum RolloutAct
{
    Pause,
    Resume,
    Advance,
    Stop,
    Retry,
}

/// <summary>Where staff start rollouts and decide about them. Everything is audited; the <see cref="RolloutLoop"/> carries it out.</summary>
internal sealed class RolloutDesk(
    HubDbContext db, ReleaseShelf shelf, RolloutSights sights, RoomLessons lessons, RolloutLoop loop, CommandLoop commands, MqttOptions mqtt, AuditTrail audit, TimeProvider clock)
{
    private const int RaceTries = 3;

    /// <summary>Says what would be done, and does nothing.</summary>
    public async Task<Result<RolloutChoice, RolloutRefusal>> PreviewAsync(RolloutWish wish, Caller caller, CancellationToken cancel)
    {
        if (!ReleaseRights.MayUpdate(caller))
        {
            return RolloutRefusal.NotAllowed;
        }

        if (!wish.IsSound)
        {
            return RolloutRefusal.BadWish;
        }

        if (await shelf.OfferedAsync(wish.Version, cancel) is null)
        {
            return RolloutRefusal.NoRelease;
        }

        RolloutChoice choice = await RolloutChoice.ReadAsync(db, sights, lessons, wish, cancel);
        return choice.Order.Count > 0 ? choice
            : mqtt.Mode == MqttMode.Off ? RolloutRefusal.NoBroker
            : choice.Held > 0 ? RolloutRefusal.Held
            : RolloutRefusal.NoDevices;
    }

    /// <returns>The rollout's id.</returns>
    public async Task<Result<Guid, RolloutRefusal>> StartAsync(RolloutWish wish, Caller caller, CancellationToken cancel)
    {
        Result<RolloutChoice, RolloutRefusal> preview = await PreviewAsync(wish, caller, cancel);
        if (preview.Refusal is { } refusal)
        {
            return refusal;
        }

        if (mqtt.Mode == MqttMode.Off)
        {
            return RolloutRefusal.NoBroker;
        }

        Rollout rollout = preview.Value.ToRollout(wish, caller, clock.GetUtcNow());
        List<string> ids = [.. rollout.Devices.Select(d => d.DeviceId)];
        try
        {
            await using IDbContextTransaction all = await db.Database.BeginTransactionAsync(cancel);
            foreach (Rollout old in await db.Set<Rollout>().Include(r => r.Devices).Where(r => r.State == RolloutState.Done && r.Devices.Any(d => d.Holds)).ToListAsync(cancel))
            {
                Supersede(old, ids);
            }

            await db.SaveChangesAsync(cancel);
            db.Add(rollout);
            audit.Add(
                AuditAction.StartedRollout, caller.AccountId, caller.Login, rollout.Id.ToString(),
                $"{wish.Version} to {rollout.Devices.Count} devices, {wish.Scope}, {rollout.Shares}, at once {wish.AtOnce}, watched {wish.WatchFor}");
            await db.SaveChangesAsync(cancel);
            await all.CommitAsync(cancel);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            return RolloutRefusal.NotNow; // somebody else started one for the same devices
        }

        loop.Wake();
        return rollout.Id;
    }

    public async Task<RolloutRefusal?> DoAsync(Guid id, RolloutAct act, Caller caller, CancellationToken cancel)
    {
        if (!ReleaseRights.MayUpdate(caller))
        {
            return RolloutRefusal.NotAllowed;
        }

        for (int attempt = 1; ; attempt++)
        {
            if (await db.Set<Rollout>().Include(r => r.Devices).SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } rollout)
            {
                return RolloutRefusal.NoRollout;
            }

            if (act is RolloutAct.Resume or RolloutAct.Retry && await shelf.OfferedAsync(rollout.ReleaseVersion, cancel) is null)
            {
                return RolloutRefusal.NoRelease;
            }

            RolloutCourse after = After(rollout.CourseOf(), act);
            if (!rollout.Take(after, new Dictionary<string, DeviceCommand>(), clock.GetUtcNow()))
            {
                return RolloutRefusal.NotNow;
            }

            if (after.State is RolloutState.Stopped or RolloutState.Paused)
            {
                await TakeBackAsync(rollout, cancel);
            }

            audit.Add(ActionOf(act), caller.AccountId, caller.Login, id.ToString(), rollout.ReleaseVersion);
            if (await TrySaveAsync(cancel))
            {
                return null;
            }

            if (attempt == RaceTries)
            {
                return RolloutRefusal.NotNow;
            }
        }
    }

    /// <summary>The devices that run this rollout's version get the one that most of them had before.</summary>
    /// <returns>The new rollout's id.</returns>
    public async Task<Result<Guid, RolloutRefusal>> GoBackAsync(Guid id, Caller caller, CancellationToken cancel)
    {
        if (!ReleaseRights.MayUpdate(caller))
        {
            return RolloutRefusal.NotAllowed;
        }

        if (await db.Set<Rollout>().AsNoTracking().Include(r => r.Devices).ThenInclude(d => d.Device).SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } rollout)
        {
            return RolloutRefusal.NoRollout;
        }

        if (await FormerAsync(rollout, cancel) is not { } former)
        {
            return RolloutRefusal.NoRelease;
        }

        if (rollout.State is RolloutState.Running or RolloutState.Paused && await DoAsync(id, RolloutAct.Stop, caller, cancel) is { } refusal)
        {
            return refusal;
        }

        List<string> devices = [.. rollout.Devices.Where(d => sights.VersionOf(d.Device) == rollout.ReleaseVersion).Select(d => d.DeviceId)];
        return await StartAsync(
            new RolloutWish(former, RolloutScope.Rooms, devices, RolloutShares.AtOnce, rollout.AtOnce, TimeSpan.Zero), caller, cancel);
    }

    /// <returns>Where its devices can go back to: what most of them had, if it is still on the shelf. Null: nowhere.</returns>
    public async Task<string?> FormerAsync(Rollout rollout, CancellationToken cancel)
    {
        HashSet<string> offered = [.. (await shelf.AllAsync(cancel)).Where(r => r.WithdrawnAt is null).Select(r => r.Version)];
        return rollout.Devices.Where(d => d.UpdatedAt is not null && d.FromVersion != rollout.ReleaseVersion && offered.Contains(d.FromVersion))
            .GroupBy(d => d.FromVersion).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key, Comparer<string>.Create(AgentVersion.Compare)).FirstOrDefault()?.Key;
    }

    /// <summary>No device gets the release any more; rollouts of it stop.</summary>
    public async Task<ReleaseRefusal?> WithdrawAsync(string version, Caller caller, CancellationToken cancel)
    {
        if (!ReleaseRights.MayUpdate(caller))
        {
            return ReleaseRefusal.NotAllowed;
        }

        if (await shelf.SetWithdrawnAsync(version, true, caller, cancel) is { } refusal)
        {
            return refusal;
        }

        foreach (Guid id in await db.Set<Rollout>()
            .Where(r => r.ReleaseVersion == version && (r.State == RolloutState.Running || r.State == RolloutState.Paused || r.Devices.Any(d => d.Holds))).Select(r => r.Id).ToListAsync(cancel))
        {
            await WithdrawFromAsync(id, cancel);
        }

        commands.Wake();
        loop.Wake();
        return null;
    }

    /// <summary>What cannot be stopped now, because the hub notes something at this moment, the loop stops.</summary>
    private async Task WithdrawFromAsync(Guid id, CancellationToken cancel)
    {
        for (int attempt = 1; attempt <= RaceTries; attempt++)
        {
            Rollout rollout = await db.Set<Rollout>().Include(r => r.Devices).SingleAsync(r => r.Id == id, cancel);
            rollout.Take(rollout.CourseOf().OnStop(RolloutStop.Withdrawn), new Dictionary<string, DeviceCommand>(), clock.GetUtcNow());
            await TakeBackAsync(rollout, cancel);
            if (await TrySaveAsync(cancel))
            {
                return;
            }
        }
    }

    private static void Supersede(Rollout old, IReadOnlyCollection<string> ids)
    {
        foreach (RolloutDevice row in old.Devices.Where(d => d.Holds && ids.Contains(d.DeviceId)))
        {
            row.Holds = false;
            (row.State, row.Reason) = row.State == MemberState.Waiting ? (MemberState.Skipped, MemberReasons.Superseded) : (row.State, row.Reason);
            old.Revision++;
        }
    }

    private static RolloutCourse After(RolloutCourse course, RolloutAct act) => act switch
    {
        RolloutAct.Pause => course.OnPause(),
        RolloutAct.Resume => course.OnResume(),
        RolloutAct.Advance => course.OnAdvance(),
        RolloutAct.Stop => course.State == RolloutState.Done ? course : course.OnStop(RolloutStop.Person),
        RolloutAct.Retry => course.OnRetry(),
    };

    private static AuditAction ActionOf(RolloutAct act) => act switch
    {
        RolloutAct.Pause => AuditAction.PausedRollout,
        RolloutAct.Resume => AuditAction.ResumedRollout,
        RolloutAct.Advance => AuditAction.AdvancedRollout,
        RolloutAct.Stop => AuditAction.StoppedRollout,
        RolloutAct.Retry => AuditAction.RetriedRollout,
    };

    /// <summary>Commands that nobody has yet are not sent any more; their devices wait again.</summary>
    private async Task TakeBackAsync(Rollout rollout, CancellationToken cancel)
    {
        List<Guid> asked = [.. rollout.Devices.Where(d => d.State == MemberState.Asked).Select(d => d.CommandId!.Value)];
        foreach (DeviceCommand command in await db.Set<DeviceCommand>().Where(c => asked.Contains(c.Id) && c.State == CommandState.Queued).ToListAsync(cancel))
        {
            command.Course = command.Course.OnCancel(clock.GetUtcNow());
        }
    }

    private async Task<bool> TrySaveAsync(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            return false; // the hub noted something at this moment, or another rollout has taken the devices
        }

        commands.Wake();
        loop.Wake();
        return true;
    }
}
