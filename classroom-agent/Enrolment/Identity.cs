using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>Who this device is to its hub. The secret is written to one file with mode 0600 and to no log.</summary>
/// <param name="HubCertSha256">Pinned key (or whole certificate) of the hub, 64 lower-case hexadecimal digits; null: the system's trust decides.</param>
internal sealed record Identity(
    Uri Hub, string DeviceId, string Secret, DeviceRole Role, string Classroom, string School, string? HubCertSha256, DateTimeOffset EnrolledAt)
{
    public override string ToString() => $"{DeviceId} ({Role}) at {Hub}";
}
