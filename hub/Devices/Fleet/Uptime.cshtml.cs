using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>在线率报表 of a month, on the screen and as a workbook.</summary>
internal sealed class UptimeModel(HubDbContext db, CountyTime county, Text text) : PageModel
{
    private const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>As yyyy-MM; anything else is the present month.</summary>
    [BindProperty(SupportsGet = true, Name = "month")]
    public string? Chosen { get; set; }

    public UptimeReport Report { get; private set; } = null!;

    public bool MayGoOn => Report.Month < new DateOnly(county.Today.Year, county.Today.Month, 1);

    public static string AddressOf(DateOnly month, string? handler = null) =>
        $"/devices/uptime?month={month.ToString("yyyy-MM", CultureInfo.InvariantCulture)}{(handler is null ? "" : "&handler=" + handler)}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    public async Task<IActionResult> OnGetWorkbookAsync(CancellationToken cancel)
    {
        if (!await ReadAsync(cancel))
        {
            return Forbid();
        }

        var workbook = new Workbook();
        workbook.Add(text["Uptime.Sheet1"],
            [text["Uptime.Town"], text["Uptime.School"], text["Uptime.Devices"], .. Heads()],
            Report.Schools.Select(s => (IReadOnlyList<object?>)[s.Town, s.School, s.Rooms.Count, .. Cells(s.Seconds), s.Issues]));
        workbook.Add(text["Uptime.Sheet2"],
            [text["Uptime.Town"], text["Uptime.School"], text["Uptime.Room"], .. Heads()],
            Report.Schools.SelectMany(s => s.Rooms.Select(r => (IReadOnlyList<object?>)[s.Town, s.School, r.Room, .. Cells(r.Seconds), r.Issues])));
        return File(workbook.ToArray(), WorkbookType, text["Uptime.File", Report.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture)]);
    }

    private string[] Heads() =>
    [
        text["Uptime.Share"], text["Uptime.UpHours"], text["Uptime.DownHours"], text["Uptime.LessonShare"], text["Uptime.LessonDownMinutes"], text["Uptime.MaintenanceHours"],
        text["Uptime.Issues"],
    ];

    private static object?[] Cells(UptimeSeconds s) =>
    [
        s.Share is { } share ? new Percent(share) : null, Math.Round(s.Up / 3600, 1), Math.Round(s.Down / 3600, 1),
        s.LessonShare is { } lesson ? new Percent(lesson) : null, Math.Round(s.LessonDown / 60), Math.Round(s.Maintenance / 3600, 1),
    ];

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return false;
        }

        DateOnly month = DateOnly.TryParseExact(Chosen + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly chosen) && chosen.Year is > 2000 and < 2200
            ? chosen : county.Today;
        Report = await UptimeReport.ReadAsync(db, county, caller, month, cancel);
        return true;
    }
}
