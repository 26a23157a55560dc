using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>How a release came to the hub. Stored by name: rename nothing.</summary>
internal enum ReleaseOrigin
{
    /// <summary>With the hub's own installation.</summary>
    Installed,

    /// <summary>Over the page.</summary>
    Uploaded,
}

/// <summary>A version of the agent that the hub can hand out. Its package lies in the data folder under the version's name.</summary>
internal sealed class StoredRelease
{
    /// <summary>As <see cref="AgentReleases.IsVersion"/> wants it.</summary>
    public string Version { get; set; } = "";

    /// <summary>Of the package, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; set; } = "";

    public long Bytes { get; set; }

    /// <summary>See <see cref="AgentRelease"/>; null: not signed.</summary>
    public string? Signature { get; set; }

    public ReleaseOrigin Origin { get; set; }

    public DateTimeOffset AddedAt { get; set; }

    /// <summary>Login name; "operator" for what the installation brought.</summary>
    public string AddedBy { get; set; } = "";

    /// <summary>Set: no device gets it any more.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Login name.</summary>
    public string? WithdrawnBy { get; set; }

    public AgentRelease ToWire() => new(Version, Sha256, Bytes, Signature);
}

internal sealed class StoredReleaseMapping : IEntityTypeConfiguration<StoredRelease>
{
    public void Configure(EntityTypeBuilder<StoredRelease> release)
    {
        release.ToTable("AgentReleases", t =>
        {
            t.HasCheckConstraint("CK_AgentReleases_Bytes", "\"Bytes\" > 0");
            t.HasCheckConstraint("CK_AgentReleases_Withdrawn", "(\"WithdrawnAt\" IS NULL) = (\"WithdrawnBy\" IS NULL)");
        });
        release.HasKey(r => r.Version);
        release.Property(r => r.Version).HasMaxLength(40);
        release.Property(r => r.Sha256).HasMaxLength(64);
        release.Property(r => r.Signature).HasMaxLength(100);
        release.Property(r => r.AddedBy).HasMaxLength(256);
        release.Property(r => r.WithdrawnBy).HasMaxLength(256);
        release.HasIndex(r => r.Sha256).IsUnique();
    }
}
