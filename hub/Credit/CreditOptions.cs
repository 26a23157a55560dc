using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Section <c>Credit</c>.</summary>
[Section("Credit")]
internal sealed record CreditOptions
{
    /// <summary>The recognition policy (课时认定办法); a relative path is looked for beside hub.json.</summary>
    [Required]
    public string PolicyFile { get; init; } = "credit-policy.json";
}
