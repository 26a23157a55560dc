using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet.Away;

/// <summary>长期离线: devices away for two school days and more, on the screen and as a workbook.</summary>
internal sealed class IndexModel(
    HubDbContext db, FleetHealth fleet, BrokerStanding broker, CountyTime county, HealthWords words, Text text, TimeProvider clock) : PageModel
{
    private const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public AwayReport Report { get; private set; } = null!;

    public FleetWatch Watch => broker.Watch;

    public Sight Sight => fleet.Sight;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    public async Task<IActionResult> OnGetWorkbookAsync(CancellationToken cancel)
    {
        if (!await ReadAsync(cancel))
        {
            return Forbid();
        }

        var workbook = new Workbook();
        workbook.Add(text["Away.Sheet"],
            [
                text["Uptime.Town"], text["Uptime.School"], text["Uptime.Room"], text["Away.Machine"], text["Away.Device"], text["Away.Since"], text["Away.Days"],
                text["Away.Why"], text["Away.Next"],
            ],
            Report.Devices.Select(d => (IReadOnlyList<object?>)
            [
                d.Row.Town, d.Row.School, d.Row.Room, d.Row.Machine, d.Row.DeviceId, Local(d.Since), d.Days, Why(d), d.Row.View?.Next is { } next ? Local(next.StartsAt) : null,
            ]));
        return File(workbook.ToArray(), WorkbookType, text["Away.File", county.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)]);
    }

    public string Why(AwayDevice device) => device.Never ? text["Away.Never"] : device.Row.View is { } view && !fleet.Sight.Blind ? words.Why(view) : text["Away.Unseen"];

    private string Local(DateTimeOffset at) => county.ToLocal(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return false;
        }

        Report = await AwayReport.ReadAsync(db, fleet, county, caller, clock.GetUtcNow(), cancel);
        return true;
    }
}
