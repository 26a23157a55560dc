using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>A person who signs in. Rights come from roles; what they reach comes from <see cref="SchoolId"/> (county when null).</summary>
internal sealed class Account : IdentityUser<Guid>
{
    /// <summary>Shown to others, e.g. 王秀兰. 1 to 40 characters.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>The school this person belongs to; null for county staff.</summary>
    public Guid? SchoolId { get; set; }
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account) => account.Property(a => a.DisplayName).HasMaxLength(40);
}
