using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>What is cut out and taken to a room. The only place where a code's letters are ever shown.</summary>
internal sealed record CodeSlip(string School, string Room, string Code, DateTimeOffset ExpiresAt, string Command, QrPath Qr);

/// <summary>A code that nobody has used yet; its letters are not known any more.</summary>
internal sealed record OpenCode(Guid Id, string School, string Room, DateTimeOffset ExpiresAt, int WrongTries);

/// <summary>注册设备: codes for one room or a list of rooms, the sheet to print, open codes. Nothing is made before a list is without fault.</summary>
internal sealed class CodesModel(HubDbContext db, EnrolmentCodes codes, InstallLine install, DevicesOptions options, TimeProvider clock) : PageModel
{
    private const int LongestList = 40_000;

    public IReadOnlyList<CodeRoom> Rooms { get; private set; } = [];

    public IReadOnlyList<OpenCode> Open { get; private set; } = [];

    /// <summary>Null: no list was checked.</summary>
    public IReadOnlyList<RoomLine>? Preview { get; private set; }

    /// <summary>Empty unless codes were just made.</summary>
    public IReadOnlyList<CodeSlip> Slips { get; private set; } = [];

    /// <summary>The slips as a list (<see cref="ClaimCodeList"/>), to be saved by the browser: a second request could not know the letters any more.</summary>
    public string SlipList { get; private set; } = "";

    public string List { get; private set; } = "";

    public int Missing => Rooms.Count(r => !r.HasDevice);

    public async Task<IActionResult> OnGetAsync(bool missing, CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is { } refused)
        {
            return refused;
        }

        List = missing ? string.Join('\n', Rooms.Where(r => !r.HasDevice).Take(RoomLines.Most).Select(r => $"{r.School},{r.Name}")) : "";
        return Page();
    }

    public async Task<IActionResult> OnPostOneAsync(Guid room, CancellationToken cancel) =>
        await ReadAsync(cancel) ?? (Rooms.FirstOrDefault(r => r.Id == room) is { } chosen ? await MakeAsync([chosen], cancel) : NotFound());

    /// <summary>Checks a list and makes nothing.</summary>
    public async Task<IActionResult> OnPostCheckAsync(string? list, IFormFile? file, CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is { } refused)
        {
            return refused;
        }

        await TakeAsync(list, file, cancel);
        Preview = RoomLines.Read(List, Rooms);
        return Page();
    }

    /// <summary>Checks the list once more; makes all codes or none.</summary>
    public async Task<IActionResult> OnPostManyAsync(string? list, CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is { } refused)
        {
            return refused;
        }

        await TakeAsync(list, null, cancel);
        IReadOnlyList<RoomLine> lines = RoomLines.Read(List, Rooms);
        if (lines.Count == 0 || lines.Any(l => l.Room is null))
        {
            Preview = lines;
            return Page();
        }

        return await MakeAsync([.. lines.Select(l => l.Room!)], cancel);
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid code, CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is { } refused)
        {
            return refused;
        }

        await codes.RevokeAsync(code, Caller.From(User)!, cancel);
        return RedirectToPage();
    }

    private async Task TakeAsync(string? list, IFormFile? file, CancellationToken cancel)
    {
        List = list ?? "";
        if (file is { Length: > 0 })
        {
            using var reader = new StreamReader(file.OpenReadStream());
            char[] text = new char[LongestList];
            List = new string(text, 0, await reader.ReadBlockAsync(text.AsMemory(), cancel));
        }

        List = List.Length <= LongestList ? List : List[..LongestList];
    }

    private async Task<IActionResult> MakeAsync(IReadOnlyList<CodeRoom> rooms, CancellationToken cancel)
    {
        Caller caller = Caller.From(User)!;
        Dictionary<Guid, Contracts.DeviceRole> roles = await db.Set<Classroom>().ToDictionaryAsync(r => r.Id, r => r.Equipment, cancel);
        List<CodeSlip> slips = [];
        List<string> list = [ClaimCodeList.Heading];
        foreach (CodeRoom room in rooms)
        {
            IssuedCode code = await codes.IssueAsync(room.Id, roles[room.Id], caller, cancel);
            string command = install.For(code.Code, Request);
            list.Add(ClaimCodeList.Row(room.School, room.Name, roles[room.Id], code));
            slips.Add(new CodeSlip(room.School, room.Name, code.Code, code.ExpiresAt, command, QrPath.Of(command)));
        }

        (Slips, SlipList) = (slips, "data:text/csv;charset=utf-8," + Uri.EscapeDataString("\uFEFF" + string.Join("\r\n", list) + "\r\n"));
        Response.Headers.CacheControl = "no-store";
        return Page();
    }

    private async Task<IActionResult?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MayEnrol(caller))
        {
            return Forbid();
        }

        Rooms = [.. (await db.Set<Classroom>().AsNoTracking()
            .Select(r => new CodeRoom(r.Id, r.School.Name, r.Name, db.Set<Device>().Any(d => d.ClassroomId == r.Id && d.DisabledAt == null))).ToListAsync(cancel))
            .OrderBy(r => r.School, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal)];
        DateTimeOffset now = clock.GetUtcNow();
        Open = await db.Set<EnrolmentCode>().AsNoTracking().Where(c => c.UsedAt == null && c.ExpiresAt > now && c.WrongTries < options.WrongTries)
            .OrderBy(c => c.ExpiresAt).Select(c => new OpenCode(c.Id, c.Classroom.School.Name, c.Classroom.Name, c.ExpiresAt, c.WrongTries)).ToListAsync(cancel);
        return null;
    }
}
