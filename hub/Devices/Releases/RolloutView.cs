using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Where a device of a rollout is, as staff want to know it.</summary>
internal enum MemberPlace
{
    Done,

    /// <summary>Asked: it fetches, starts anew, is on trial.</summary>
    AtIt,

    /// <summary>Its turn is now, and a lesson takes place.</summary>
    Lesson,

    /// <summary>Its turn is now: it is asked in a moment.</summary>
    Next,

    /// <summary>Not connected.</summary>
    Away,

    /// <summary>A later stage.</summary>
    Later,
    Failed,
    Skipped,
}

/// <param name="Reason">Stable word; null: nothing to say.</param>
internal sealed record RolloutLine(string DeviceId, string School, string Room, DeviceRole Role, int Stage, MemberPlace Place, string? Reason, string FromVersion, bool Excused);

/// <param name="WatchUntil">UTC: its last device is watched until then; null: none is.</param>
internal sealed record StageLine(int Index, RolloutShare Share, int Devices, int Done, int Failed, int AtIt, int Left, bool IsNow, bool IsPast, DateTimeOffset? WatchUntil);

/// <summary>A rollout as pages show it.</summary>
/// <param name="Former">The version to go back to; null: there is none, or nobody has the new one.</param>
/// <param name="InHours">Devices may be asked at this hour.</param>
internal sealed record RolloutView(Rollout Rollout, IReadOnlyList<StageLine> Stages, IReadOnlyList<RolloutLine> Lines, string? Former, bool InHours)
{
    public int Devices => Lines.Count;

    public IReadOnlyList<RolloutLine> Failed => [.. Lines.Where(l => l.Place == MemberPlace.Failed)];

    public bool GoesOn => Rollout.State is RolloutState.Running or RolloutState.Paused;

    public int Of(MemberPlace place) => Lines.Count(l => l.Place == place);

    public static async Task<RolloutView?> ReadAsync(
        HubDbContext db, RolloutSights sights, RoomLessons lessons, RolloutDesk desk, Guid id, TimeOnly time, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Set<Rollout>().AsNoTracking().Include(r => r.Devices).ThenInclude(d => d.Device).ThenInclude(d => d.Classroom).ThenInclude(r => r.School)
            .SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } rollout)
        {
            return null;
        }

        List<RolloutDevice> rows = [.. rollout.Devices.OrderBy(d => d.Place)];
        IReadOnlySet<string> busy = await lessons.OfAsync([.. rows.Where(r => r.State == MemberState.Waiting).Select(r => r.Device)], cancel);
        List<RolloutLine> lines = rows.ConvertAll(r => new RolloutLine(
            r.DeviceId, r.Device.Classroom.School.Name, r.Device.Classroom.Name, r.Device.Role, r.Stage, PlaceOf(rollout, r, sights.IsOnline(r.DeviceId), busy.Contains(r.DeviceId)), r.Reason,
            r.FromVersion, r.Excused));
        return new RolloutView(
            rollout, [.. RolloutShares.Read(rollout.Shares).Select((share, i) => StageOf(rollout, share, i, lines, now))], lines, await desk.FormerAsync(rollout, cancel),
            RolloutHours.Of(rollout) is not { } hours || hours.Cover(time));
    }

    private static MemberPlace PlaceOf(Rollout rollout, RolloutDevice row, bool online, bool inLesson) => row.State switch
    {
        MemberState.Done => MemberPlace.Done,
        MemberState.Failed => MemberPlace.Failed,
        MemberState.Skipped => MemberPlace.Skipped,
        MemberState.Asked => MemberPlace.AtIt,
        MemberState.Waiting => !online ? MemberPlace.Away : row.Stage > rollout.Stage ? MemberPlace.Later : inLesson ? MemberPlace.Lesson : MemberPlace.Next,
    };

    private static StageLine StageOf(Rollout rollout, RolloutShare share, int index, List<RolloutLine> lines, DateTimeOffset now)
    {
        List<RolloutLine> own = lines.FindAll(l => l.Stage == index);
        DateTimeOffset? watched = rollout.Devices.Where(d => d.Stage == index && d.State == MemberState.Done && d.UpdatedAt + rollout.Watch > now).Max(d => d.UpdatedAt + rollout.Watch);
        int done = own.Count(l => l.Place is MemberPlace.Done or MemberPlace.Skipped), failed = own.Count(l => l.Place == MemberPlace.Failed), atIt = own.Count(l => l.Place == MemberPlace.AtIt);
        bool over = rollout.State == RolloutState.Done;
        return new StageLine(index, share, own.Count, done, failed, atIt, own.Count - done - failed - atIt, !over && index == rollout.Stage, over || index < rollout.Stage, watched);
    }
}
