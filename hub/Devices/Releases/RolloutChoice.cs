using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A device that a wish chooses.</summary>
/// <param name="Version">What it runs.</param>
internal sealed record ChosenDevice(Device Device, string Version, bool Online);

/// <summary>Which devices a wish means, and how they would be dealt into stages.</summary>
/// <param name="Order">Those to be updated, in their order.</param>
/// <param name="Stages">How many of them each stage adds.</param>
/// <param name="Already">Chosen, and run the version already.</param>
/// <param name="Held">Chosen, and in another rollout that goes on.</param>
/// <param name="InLesson">Of <paramref name="Order"/>: they wait for a lesson now.</param>
internal sealed record RolloutChoice(
    IReadOnlyList<ChosenDevice> Order, IReadOnlyList<(RolloutShare Share, int Devices)> Stages, int Already, int Held, int InLesson, IReadOnlyList<string> Names)
{
    private const int LongestNames = 400;

    public int Away => Order.Count(d => !d.Online);

    public int Back(string version) => Order.Count(d => AgentVersion.Compare(d.Version, version) > 0);

    public static async Task<RolloutChoice> ReadAsync(HubDbContext db, RolloutSights sights, Commands.RoomLessons lessons, RolloutWish wish, CancellationToken cancel)
    {
        HashSet<string> chosen = [.. wish.Chosen];
        List<Device> devices = await db.Set<Device>().AsNoTracking().Include(d => d.Classroom).ThenInclude(r => r.School).Where(d => d.DisabledAt == null).ToListAsync(cancel);
        devices.RemoveAll(d => wish.Scope switch
        {
            RolloutScope.County => false,
            RolloutScope.Towns => !chosen.Contains(d.Classroom.School.Town),
            RolloutScope.Schools => !chosen.Contains(d.Classroom.SchoolId.ToString()),
            RolloutScope.Rooms => !chosen.Contains(d.Id),
        });
        HashSet<string> held = [.. await db.Set<RolloutDevice>()
            .Where(d => d.Holds && db.Set<Rollout>().Any(r => r.Id == d.RolloutId && (r.State == RolloutState.Running || r.State == RolloutState.Paused))).Select(d => d.DeviceId).ToListAsync(cancel)];
        List<ChosenDevice> all = devices.ConvertAll(d => new ChosenDevice(d, sights.VersionOf(d), sights.IsOnline(d.Id)));
        var open = all.Where(d => d.Version != wish.Version && !held.Contains(d.Device.Id)).ToDictionary(d => d.Device.Id, StringComparer.Ordinal);
        IReadOnlyList<DealtDevice> order = RolloutDeal.Order([.. open.Values.Select(d => new DealtDevice(d.Device.Id, d.Device.Classroom.SchoolId, d.Device.Role, d.Online))]);
        return new RolloutChoice(
            [.. order.Select(d => open[d.Id])], RolloutShares.Of(RolloutShares.Read(wish.Shares), order.Count), all.Count(d => d.Version == wish.Version),
            all.Count(d => d.Version != wish.Version && held.Contains(d.Device.Id)), (await lessons.OfAsync([.. open.Values.Select(d => d.Device)], cancel)).Count,
            [.. devices.Select(d => NameOf(wish.Scope, d)).Where(n => n.Length > 0).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The rows of a rollout that begins now.</summary>
    public Rollout ToRollout(RolloutWish wish, Caller caller, DateTimeOffset now)
    {
        string names = string.Join('\n', Names);
        var rollout = new Rollout
        {
            Id = Guid.CreateVersion7(),
            ReleaseVersion = wish.Version,
            State = RolloutState.Running,
            Shares = RolloutShares.Write(Stages.Select(s => s.Share)),
            AtOnce = wish.AtOnce,
            Watch = wish.WatchFor,
            AllowedFrom = wish.Hours?.From,
            AllowedUntil = wish.Hours?.Until,
            Scope = wish.Scope,
            ScopeNames = names.Length <= LongestNames ? names : names[..(LongestNames - 1)] + "…",
            GoesBack = Back(wish.Version) * 2 > Order.Count,
            StartedAt = now,
            StartedById = caller.AccountId,
            StartedBy = caller.Login,
        };
        rollout.Devices.AddRange(Order.Select((d, place) => new RolloutDevice
        {
            RolloutId = rollout.Id,
            DeviceId = d.Device.Id,
            Stage = StageOf(place),
            Place = place,
            FromVersion = d.Version,
            Holds = true,
        }));
        return rollout;
    }

    /// <summary>Where in the order each stage begins: the stage of every place.</summary>
    private int StageOf(int place)
    {
        int stage = 0, upTo = Stages[0].Devices;
        while (place >= upTo)
        {
            upTo += Stages[++stage].Devices;
        }

        return stage;
    }

    private static string NameOf(RolloutScope scope, Device device) => scope switch
    {
        RolloutScope.County => "",
        RolloutScope.Towns => device.Classroom.School.Town,
        RolloutScope.Schools => device.Classroom.School.Name,
        RolloutScope.Rooms => $"{device.Classroom.School.Name} {device.Classroom.Name}",
    };
}
