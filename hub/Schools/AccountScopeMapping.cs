using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>Ties an account's scope to an existing school.</summary>
internal sealed class AccountScopeMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account) =>
        account.HasOne<School>().WithMany().HasForeignKey(a => a.SchoolId).OnDelete(DeleteBehavior.Restrict);
}
