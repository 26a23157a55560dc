namespace ThreeClassrooms.Hub.Accounts;

/// <summary>An account of the demo county, shown on the sign-in page of a hub that runs it.</summary>
internal sealed record DemoAccount(string Login, string Password, string Name, IReadOnlyList<string> Roles);

/// <summary>The accounts to show; empty on every hub but a demo.</summary>
internal sealed record DemoAccounts(IReadOnlyList<DemoAccount> All);
