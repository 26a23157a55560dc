using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Where a school agrees, or no longer agrees, that stills may be taken in a room outside lessons. Audited.</summary>
internal sealed class PictureDesk(HubDbContext db, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Only who heads the school agrees for its rooms; the county cannot agree for it.</summary>
    public static bool MayAgree(Caller caller, Guid schoolId) => caller.HeadsSchool && caller.SchoolId == schoolId;

    public Task<PictureAgreement?> OfAsync(Guid room, CancellationToken cancel) =>
        db.Set<PictureAgreement>().AsNoTracking().SingleOrDefaultAsync(a => a.ClassroomId == room, cancel);

    /// <returns>False: the caller may not.</returns>
    public async Task<bool> SetAsync(string deviceId, bool agreed, Caller caller, CancellationToken cancel)
    {
        var place = await db.Set<Device>().Of(caller).Where(d => d.Id == deviceId).Select(d => new { d.ClassroomId, d.Classroom.SchoolId }).SingleOrDefaultAsync(cancel);
        if (place is null || !MayAgree(caller, place.SchoolId))
        {
            return false;
        }

        PictureAgreement? known = await db.Set<PictureAgreement>().SingleOrDefaultAsync(a => a.ClassroomId == place.ClassroomId, cancel);
        if (agreed == known is not null)
        {
            return true;
        }

        if (agreed)
        {
            db.Add(new PictureAgreement { ClassroomId = place.ClassroomId, AgreedAt = clock.GetUtcNow(), AgreedById = caller.AccountId, AgreedBy = caller.Login });
        }
        else
        {
            db.Remove(known!);
        }

        audit.Add(agreed ? AuditAction.AgreedToPictures : AuditAction.WithdrewPictures, caller.AccountId, caller.Login, deviceId, place.ClassroomId.ToString());
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
