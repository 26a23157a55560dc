using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>What kind of file a command brings.</summary>
/// <param name="Most">Bytes.</param>
/// <param name="Begins">The first bytes of every such file.</param>
internal sealed record CommandFileRule(int Most, TimeSpan Keep, string ContentType, string Extension, byte[] Begins)
{
    private static readonly CommandFileRule Picture = new(300 << 10, TimeSpan.FromDays(7), "image/jpeg", "jpg", [0xff, 0xd8, 0xff]);
    private static readonly CommandFileRule Log = new(1 << 20, TimeSpan.FromDays(30), "application/gzip", "log.gz", [0x1f, 0x8b]);

    /// <returns>Null: the kind brings none.</returns>
    public static CommandFileRule? Of(CommandKind kind) => kind switch
    {
        CommandKind.Snapshot => Picture,
        CommandKind.FetchLogs => Log,
        _ => null,
    };
}

/// <summary>Keeps what devices hand in for commands, for as long as its kind is kept.</summary>
internal sealed class CommandFiles(HubDbContext db, RoomLessons lessons, DataFolder data, TimeProvider clock)
{
    private string Folder => data.Make("device-files");

    /// <summary>Takes a device's file. The same once more is taken for the first.</summary>
    /// <returns>Null: taken.</returns>
    public async Task<DeviceRefusal?> TakeAsync(DeviceCaller device, Guid id, Stream body, CancellationToken cancel)
    {
        if (await db.Set<DeviceCommand>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.DeviceId == device.DeviceId, cancel) is not { } command
            || CommandFileRule.Of(command.Kind) is not { } rule)
        {
            return DeviceRefusal.NoSuchCommand;
        }

        if (await db.Set<CommandFile>().AnyAsync(f => f.CommandId == id, cancel))
        {
            return null;
        }

        if (command.FinishedAt is not null)
        {
            return DeviceRefusal.NoSuchCommand;
        }

        byte[] bytes = new byte[rule.Most + 1];
        int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        if (length > rule.Most)
        {
            return DeviceRefusal.TooLarge;
        }

        if (!bytes.AsSpan(0, length).StartsWith(rule.Begins))
        {
            return DeviceRefusal.BadRequest;
        }

        if (command.Kind == CommandKind.Snapshot && !await MayShowAsync(device.DeviceId, cancel))
        {
            return DeviceRefusal.NoSuchCommand; // taken back while the picture was on its way
        }

        string path = PathOf(id);
        PrivateFile.Write(path, bytes.AsSpan(0, length));
        DateTimeOffset now = clock.GetUtcNow();
        db.Add(new CommandFile { CommandId = id, At = now, KeepUntil = now + rule.Keep, Bytes = length });
        await db.SaveChangesAsync(cancel);
        return null;
    }

    /// <returns>Null: there is none, or not any more.</returns>
    public async Task<Stream?> OpenAsync(Guid id, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return await db.Set<CommandFile>().AnyAsync(f => f.CommandId == id && f.KeepUntil > now, cancel) && File.Exists(PathOf(id))
            ? new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)
            : null;
    }

    /// <summary>Removes what is past its time, and bytes without a row.</summary>
    public async Task CleanAsync(CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await db.Set<CommandFile>().Where(f => f.KeepUntil <= now).ExecuteDeleteAsync(cancel);
        HashSet<string> kept = [.. (await db.Set<CommandFile>().Select(f => f.CommandId).ToListAsync(cancel)).Select(id => id.ToString("N"))];
        DateTime fresh = DateTime.UtcNow.AddHours(-1); // one that is just being taken has no row yet
        foreach (string path in Directory.EnumerateFiles(Folder).Where(p => !kept.Contains(Path.GetFileName(p)) && File.GetLastWriteTimeUtc(p) < fresh).ToList())
        {
            File.Delete(path);
        }
    }

    /// <summary>A still may be taken: the room has agreed, and no lesson brings pupils before the camera.</summary>
    private async Task<bool> MayShowAsync(string deviceId, CancellationToken cancel)
    {
        Device device = await db.Set<Device>().AsNoTracking().SingleAsync(d => d.Id == deviceId, cancel);
        return await db.Set<PictureAgreement>().AnyAsync(a => a.ClassroomId == device.ClassroomId, cancel) && (await lessons.InRoomAsync([device], cancel)).Count == 0;
    }

    private string PathOf(Guid id) => Path.Combine(Folder, id.ToString("N"));
}
