using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>One sign-in. The cookie carries its id; without a running session the cookie is worth nothing.</summary>
internal sealed class AccountSession
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Account Account { get; set; } = null!;

    /// <summary>The account's security stamp at the sign-in: a new password or other roles end the session.</summary>
    public string Stamp { get; set; } = "";

    public DateTimeOffset BeganAt { get; set; }

    /// <summary>Ends then, however busy it is. UTC, exclusive.</summary>
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>Signed out; null while it was not.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class AccountSessionMapping : IEntityTypeConfiguration<AccountSession>
{
    public void Configure(EntityTypeBuilder<AccountSession> session)
    {
        session.ToTable("AccountSessions");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.Stamp).HasMaxLength(64);
        session.HasOne(s => s.Account).WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        session.HasIndex(s => s.EndsAt);
    }
}
