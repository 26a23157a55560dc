using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Seeding;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>An account of the demo county, shown on the sign-in page of a hub that runs it.</summary>
internal sealed record DemoAccount(string Login, string Password, string Name, string Role);

/// <summary>The accounts to show: one of each role, two teachers; none on every hub but one that was seeded with a demo county.</summary>
internal sealed class DemoAccounts(HubOptions hub, IConfiguration configuration)
{
    private readonly Lazy<IReadOnlyList<DemoAccount>> _all = new(() => Read(hub.SeedCounty, configuration));

    public IReadOnlyList<DemoAccount> All => _all.Value;

    private static IReadOnlyList<DemoAccount> Read(string file, IConfiguration configuration)
    {
        if (file.Length == 0 || CountyFile.Read(ConfigFiles.Find(configuration, file)) is not { Demo: true } county)
        {
            return [];
        }

        return
        [
            .. county.Accounts.Where(a => a.Password is not null)
                .GroupBy(a => a.Role).SelectMany(g => g.Take(g.Key == Roles.Teacher ? 2 : 1))
                .OrderBy(a => a.Role != Roles.Teacher)
                .Select(a => new DemoAccount(a.Login, a.Password!, a.Name, a.Role)),
        ];
    }
}
