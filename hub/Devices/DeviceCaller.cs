using System.Security.Claims;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Which device is asking. It holds no person's role and no account id, so no policy for people is ever met by it.</summary>
internal sealed record DeviceCaller(string DeviceId, Guid ClassroomId, DeviceRole Role)
{
    public const string DeviceIdClaim = "device_id";

    public const string ClassroomIdClaim = "classroom_id";

    /// <summary>The name of a <see cref="DeviceRole"/>; deliberately not the claim type that authorisation reads as a role.</summary>
    public const string RoleClaim = "device_role";

    /// <returns>Null when the principal is not a device, or is somebody else as well.</returns>
    public static DeviceCaller? From(ClaimsPrincipal principal) =>
        principal.Identities.All(i => !i.IsAuthenticated || i.AuthenticationType == HubPolicies.DeviceScheme)
        && principal.FindFirstValue(DeviceIdClaim) is { } id
        && Guid.TryParse(principal.FindFirstValue(ClassroomIdClaim), out Guid classroom)
        && Enum.TryParse(principal.FindFirstValue(RoleClaim), out DeviceRole role)
            ? new DeviceCaller(id, classroom, role)
            : null;

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(DeviceIdClaim, DeviceId),
            new Claim(ClassroomIdClaim, ClassroomId.ToString()),
            new Claim(RoleClaim, Role.ToString()),
        ],
        HubPolicies.DeviceScheme, DeviceIdClaim, roleType: "none"));
}
