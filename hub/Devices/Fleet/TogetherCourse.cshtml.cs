using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>One device of many that were asked the same.</summary>
internal sealed record TogetherLine(DeviceCommand Command, string School, string Room);

/// <summary>How far what was asked of many devices has come.</summary>
internal sealed class TogetherCourseModel(HubDbContext db) : PageModel
{
    public Guid Id { get; private set; }

    /// <summary>Those that wait or failed first.</summary>
    public IReadOnlyList<TogetherLine> Lines { get; private set; } = [];

    /// <summary>Devices that were left out, by the reason.</summary>
    public IReadOnlyList<(CommandRefusal Reason, int Count)> Left { get; private set; } = [];

    public int Waiting => Lines.Count(l => l.Command.FinishedAt is null);

    public int Done => Lines.Count(l => l.Command.State == CommandState.Done);

    public int Failed => Lines.Count - Waiting - Done;

    public async Task<IActionResult> OnGetAsync(Guid id, string? left, CancellationToken cancel) => await ReadAsync(id, left, cancel) ?? Page();

    public async Task<IActionResult> OnGetProgressAsync(Guid id, string? left, CancellationToken cancel) =>
        await ReadAsync(id, left, cancel) ?? Partial("/Devices/Fleet/_TogetherCourse.cshtml", this);

    private async Task<IActionResult?> ReadAsync(Guid id, string? left, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        Id = id;
        Lines = [.. (await (
            from c in db.Set<DeviceCommand>().AsNoTracking()
            join d in db.Set<Device>().Of(caller) on c.DeviceId equals d.Id
            where c.Together == id
            select new { Command = c, School = d.Classroom.School.Name, Room = d.Classroom.Name }).ToListAsync(cancel))
            .Select(l => new TogetherLine(l.Command, l.School, l.Room))
            .OrderBy(l => l.Command.State == CommandState.Done).ThenBy(l => l.Command.FinishedAt is null)
            .ThenBy(l => l.School, StringComparer.Ordinal).ThenBy(l => l.Room, StringComparer.Ordinal)];
        Left = Read(left);
        return Lines.Count == 0 && Left.Count == 0 ? NotFound() : null;
    }

    /// <summary>From the address: what does not fit is not there.</summary>
    private static List<(CommandRefusal Reason, int Count)> Read(string? left) =>
    [
        .. (left ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('-'))
            .Where(l => l.Length == 2 && Enum.TryParse(l[0], out CommandRefusal reason) && Enum.IsDefined(reason) && int.TryParse(l[1], out int count) && count > 0)
            .Select(l => (Enum.Parse<CommandRefusal>(l[0]), int.Parse(l[1], System.Globalization.CultureInfo.InvariantCulture))).Take(8),
    ];
}
