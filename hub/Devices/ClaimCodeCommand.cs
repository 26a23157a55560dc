using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// <c>claim-code --classroom NAME --role main|receiving</c>: the operator makes a code at the hub's own machine; with <c>--rooms</c> a list of them
/// (<see cref="ClaimCodeList"/>). Works on the database beside a running hub.
/// </summary>
internal static class ClaimCodeCommand
{
    public const string Verb = "claim-code";

    /// <summary>Wrong arguments (sysexits EX_USAGE).</summary>
    public const int BadUsage = 64;

    private const int RoomsListed = 60;

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, TextWriter errors)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var text = scope.ServiceProvider.GetRequiredService<Text>();
        var configuration = scope.ServiceProvider.GetRequiredService<IConfiguration>();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        if (configuration["rooms"] is { } which && await ClaimCodeList.TryWriteAsync(db, scope.ServiceProvider.GetRequiredService<EnrolmentCodes>(), which, output))
        {
            return 0;
        }

        if (configuration["classroom"] is not { Length: > 0 } wanted || RoleOf(configuration["role"]) is not { } role)
        {
            await errors.WriteLineAsync(text["Device.Claim.Usage"]);
            return BadUsage;
        }

        List<Room> rooms = await db.Set<Classroom>().OrderBy(r => r.School.Name).ThenBy(r => r.Name)
            .Select(r => new Room(r.Id, r.School.Name, r.Name)).ToListAsync();
        List<Room> found = rooms.FindAll(r => r.IsMeantBy(wanted));
        if (found is not [Room room])
        {
            await errors.WriteLineAsync(text[found.Count == 0 ? "Device.Claim.NoRoom" : "Device.Claim.ManyRooms", wanted]);
            foreach (Room offered in (found.Count == 0 ? rooms : found).Take(RoomsListed))
            {
                await errors.WriteLineAsync($"  {offered.School}/{offered.Name}");
            }

            return BadUsage;
        }

        IssuedCode code = await scope.ServiceProvider.GetRequiredService<EnrolmentCodes>().IssueAsync(room.Id, role, null, CancellationToken.None);
        string until = scope.ServiceProvider.GetRequiredService<CountyTime>().ToLocal(code.ExpiresAt).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        await output.WriteLineAsync(text["Device.Claim.Code", code.Code]);
        await output.WriteLineAsync(text["Device.Claim.For", room.School, room.Name, text.Word("Device.Role", role)]);
        await output.WriteLineAsync(text["Device.Claim.Until", until]);
        await output.WriteLineAsync();
        await output.WriteLineAsync(text["Device.Claim.Install"]);
        await output.WriteLineAsync("  " + scope.ServiceProvider.GetRequiredService<InstallLine>().For(code.Code));
        return 0;
    }

    private static DeviceRole? RoleOf(string? word) =>
        Enum.TryParse(word, ignoreCase: true, out DeviceRole role) && Enum.IsDefined(role) && !int.TryParse(word, out _) ? role : null;

    private sealed record Room(Guid Id, string School, string Name)
    {
        public bool IsMeantBy(string wanted) => wanted == Name || wanted == $"{School}/{Name}" || (Guid.TryParse(wanted, out Guid id) && id == Id);
    }
}
