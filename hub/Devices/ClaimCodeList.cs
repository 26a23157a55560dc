using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// <c>claim-code --rooms free|all</c>: one code for every room, or for every room without a device, as CSV (RFC 4180): school, room, role, code, end. For those who
/// equip a county at once, and for simulated devices. The enrolment desk gives the same list.
/// </summary>
internal static class ClaimCodeList
{
    public const string Heading = "school,room,role,code,expires";

    /// <param name="which"><c>free</c> or <c>all</c>.</param>
    /// <returns>False: neither of them.</returns>
    public static async Task<bool> TryWriteAsync(HubDbContext db, EnrolmentCodes codes, string which, TextWriter output)
    {
        if (which is not ("free" or "all"))
        {
            return false;
        }

        var rooms = await db.Set<Classroom>().AsNoTracking()
            .Where(r => which == "all" || !db.Set<Device>().Any(d => d.ClassroomId == r.Id && d.DisabledAt == null))
            .OrderBy(r => r.School.Name).ThenBy(r => r.Name).Select(r => new { r.Id, School = r.School.Name, r.Name, r.Equipment }).ToListAsync();
        await output.WriteLineAsync(Heading);
        foreach (var room in rooms)
        {
            IssuedCode code = await codes.IssueAsync(room.Id, room.Equipment, null, CancellationToken.None);
            db.ChangeTracker.Clear();
            await output.WriteLineAsync(Row(room.School, room.Name, room.Equipment, code));
        }

        return true;
    }

    public static string Row(string school, string room, DeviceRole role, IssuedCode code) => string.Join(
        ',', LedgerCsv.Cell(school), LedgerCsv.Cell(room), role == DeviceRole.Main ? "main" : "receiving", code.Code, code.ExpiresAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
