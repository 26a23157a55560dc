using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Why a command was not taken.</summary>
internal enum CommandRefusal
{
    /// <summary>Not enrolled, or outside the caller's scope.</summary>
    UnknownDevice,
    NotAllowed,

    /// <summary>The hub does not send this kind, or not with this value.</summary>
    NotOffered,
    DeviceDisabled,

    /// <summary>This hub works without a broker: no way leads to the device.</summary>
    NoBroker,

    /// <summary>The same was asked of it a moment ago and is not over.</summary>
    AlreadyOpen,

    /// <summary>It would interrupt the lesson in the room: ask again and say so.</summary>
    InLesson,

    /// <summary>The school has not agreed that stills are taken in this room.</summary>
    NotAgreed,

    /// <summary>No stills are taken during lessons: who must see one looks on in it, which is noted.</summary>
    NoPicturesInLesson,

    /// <summary>The device may have it already: it cannot be taken back.</summary>
    TooLate,
}

/// <summary>What was asked of many devices.</summary>
/// <param name="LeftOut">Devices that were not asked, by the reason.</param>
internal sealed record TogetherAsked(Guid Id, int Asked, IReadOnlyDictionary<CommandRefusal, int> LeftOut);

/// <summary>Where staff ask something of devices. Every command is audited; the <see cref="CommandLoop"/> sends it and follows its course.</summary>
internal sealed class CommandDesk(HubDbContext db, RoomLessons lessons, CommandLoop loop, MqttOptions mqtt, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Of one form; a larger county does it town by town.</summary>
    public const int MostTogether = 1000;

    private const int RaceTries = 3;

    /// <param name="despiteLesson">The caller has been told of the lesson and wants it all the same.</param>
    /// <returns>The command's id.</returns>
    public async Task<Result<Guid, CommandRefusal>> AskAsync(
        string deviceId, CommandKind kind, CommandWish wish, bool despiteLesson, Caller caller, CancellationToken cancel)
    {
        if (await db.Set<Device>().Of(caller).AsNoTracking().SingleOrDefaultAsync(d => d.Id == deviceId, cancel) is not { } device)
        {
            return CommandRefusal.UnknownDevice;
        }

        Device[] one = [device];
        if (RefusalOf(one, kind, wish, caller) is { } refusal)
        {
            return refusal;
        }

        if (kind == CommandKind.Update && !await db.Set<StoredRelease>().AnyAsync(r => r.Version == wish.Text && r.WithdrawnAt == null, cancel))
        {
            return CommandRefusal.NotOffered;
        }

        for (int attempt = 1; ; attempt++)
        {
            Dictionary<string, CommandRefusal> apart = await LeftOutAsync(one, kind, despiteLesson, cancel);
            if (apart.TryGetValue(deviceId, out CommandRefusal why))
            {
                return why;
            }

            DeviceCommand command = Add(device, kind, wish, despiteLesson, caller);
            if (await TrySaveAsync(last: attempt == RaceTries, cancel))
            {
                return command.Id;
            }
        }
    }

    /// <summary>Asks the same of many devices; those that cannot be asked now are left out and counted.</summary>
    /// <param name="deviceIds">At most <see cref="MostTogether"/>; those outside the caller's scope are not there.</param>
    public async Task<Result<TogetherAsked, CommandRefusal>> AskTogetherAsync(
        IReadOnlyCollection<string> deviceIds, CommandKind kind, bool despiteLesson, Caller caller, CancellationToken cancel)
    {
        List<string> ids = [.. deviceIds.Distinct(StringComparer.Ordinal).Take(MostTogether)];
        List<Device> devices = await db.Set<Device>().Of(caller).AsNoTracking().Where(d => ids.Contains(d.Id)).ToListAsync(cancel);
        if (CommandRules.Of(kind) is not { Together: true })
        {
            return CommandRefusal.NotOffered;
        }

        if (RefusalOf(devices, kind, new CommandWish(), caller) is { } refusal)
        {
            return refusal;
        }

        var together = Guid.CreateVersion7();
        for (int attempt = 1; ; attempt++)
        {
            Dictionary<string, CommandRefusal> apart = await LeftOutAsync(devices, kind, despiteLesson, cancel);
            List<Device> asked = devices.FindAll(d => !apart.ContainsKey(d.Id));
            asked.ForEach(d => Add(d, kind, new CommandWish(Together: together), despiteLesson, caller));
            if (await TrySaveAsync(last: attempt == RaceTries, cancel))
            {
                return new TogetherAsked(together, asked.Count, apart.Values.GroupBy(r => r).ToDictionary(g => g.Key, g => g.Count()));
            }
        }
    }

    /// <summary>Takes a command back that nobody has yet.</summary>
    public async Task<CommandRefusal?> CancelAsync(string deviceId, Guid id, Caller caller, CancellationToken cancel)
    {
        if (!await db.Set<Device>().Of(caller).AnyAsync(d => d.Id == deviceId, cancel)
            || await db.Set<DeviceCommand>().SingleOrDefaultAsync(c => c.Id == id && c.DeviceId == deviceId, cancel) is not { } command)
        {
            return CommandRefusal.UnknownDevice;
        }

        if (!CommandRights.MayAsk(caller, command.Kind))
        {
            return CommandRefusal.NotAllowed;
        }

        CommandCourse cancelled = command.Course.OnCancel(clock.GetUtcNow());
        if (cancelled.State != CommandState.Cancelled)
        {
            return CommandRefusal.TooLate;
        }

        command.Course = cancelled;
        audit.Add(AuditAction.CancelledCommand, caller.AccountId, caller.Login, deviceId, $"{command.Kind} {id}");
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return CommandRefusal.TooLate; // sent at this moment
        }

        loop.Wake();
        return null;
    }

    /// <summary>The last commands of a device, the newest first. The caller sees the device.</summary>
    public Task<List<DeviceCommand>> HistoryAsync(string deviceId, int most, CancellationToken cancel) => db.Set<DeviceCommand>().AsNoTracking()
        .Where(c => c.DeviceId == deviceId).OrderByDescending(c => c.AskedAt).ThenByDescending(c => c.Id).Take(most).ToListAsync(cancel);

    /// <summary>Commands of a device with a file that is kept still and that the caller may open.</summary>
    public async Task<IReadOnlySet<Guid>> FilesAsync(string deviceId, Caller caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var files = await (
            from f in db.Set<CommandFile>().AsNoTracking()
            join c in db.Set<DeviceCommand>() on f.CommandId equals c.Id
            where c.DeviceId == deviceId && f.KeepUntil > now
            select new { c.Id, c.Kind }).ToListAsync(cancel);
        return files.Where(f => CommandRights.MayAsk(caller, f.Kind)).Select(f => f.Id).ToHashSet();
    }

    /// <summary>Why none of the devices can be asked.</summary>
    private CommandRefusal? RefusalOf(IReadOnlyCollection<Device> devices, CommandKind kind, CommandWish wish, Caller caller) =>
        devices.Count == 0 ? CommandRefusal.UnknownDevice
        : !FleetRights.MaySee(caller) ? CommandRefusal.NotAllowed
        : CommandRules.Of(kind) is null || !CommandRules.Takes(kind, wish) ? CommandRefusal.NotOffered
        : !CommandRights.MayAsk(caller, kind) ? CommandRefusal.NotAllowed
        : mqtt.Mode == MqttMode.Off ? CommandRefusal.NoBroker
        : null;

    private async Task<Dictionary<string, CommandRefusal>> LeftOutAsync(
        IReadOnlyCollection<Device> devices, CommandKind kind, bool despiteLesson, CancellationToken cancel)
    {
        List<string> ids = [.. devices.Select(d => d.Id)];
        HashSet<string> open = [.. await db.Set<DeviceCommand>().Where(c => c.FinishedAt == null && c.Kind == kind && ids.Contains(c.DeviceId)).Select(c => c.DeviceId).ToListAsync(cancel)];
        HashSet<Guid> agreed = kind == CommandKind.Snapshot ? [.. await db.Set<PictureAgreement>().Select(a => a.ClassroomId).ToListAsync(cancel)] : [];
        IReadOnlySet<string> pupils = kind == CommandKind.Snapshot ? await lessons.InRoomAsync(devices, cancel) : new HashSet<string>();
        IReadOnlySet<string> busy = CommandRules.Of(kind)!.Disturbs && !despiteLesson ? await lessons.OfAsync(devices, cancel) : new HashSet<string>();
        Dictionary<string, CommandRefusal> apart = [];
        foreach (Device device in devices)
        {
            if ((device.DisabledAt is not null ? CommandRefusal.DeviceDisabled
                : open.Contains(device.Id) ? CommandRefusal.AlreadyOpen
                : kind == CommandKind.Snapshot && !agreed.Contains(device.ClassroomId) ? CommandRefusal.NotAgreed
                : pupils.Contains(device.Id) ? CommandRefusal.NoPicturesInLesson
                : busy.Contains(device.Id) ? CommandRefusal.InLesson
                : (CommandRefusal?)null) is { } refusal)
            {
                apart[device.Id] = refusal;
            }
        }

        return apart;
    }

    private DeviceCommand Add(Device device, CommandKind kind, CommandWish wish, bool despiteLesson, Caller caller)
    {
        var command = DeviceCommand.Of(device.Id, kind, wish, caller.AccountId, caller.Login, clock.GetUtcNow());
        db.Add(command);
        audit.Add(
            AuditAction.SentCommand, caller.AccountId, caller.Login, device.Id,
            $"{kind}{(wish.Value is { } value ? $" {value}" : "")}{(wish.Text is { } text ? $" {text}" : "")}{(despiteLesson ? " despite lesson" : "")} {command.Id}");
        return command;
    }

    /// <param name="last">What cannot be stored now is no race, and not the caller's to hear of: it is thrown.</param>
    /// <returns>False: nothing was stored, most likely because somebody else asked the same at this moment; look again.</returns>
    private async Task<bool> TrySaveAsync(bool last, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!last)
        {
            db.ChangeTracker.Clear();
            return false;
        }

        loop.Wake();
        return true;
    }
}
