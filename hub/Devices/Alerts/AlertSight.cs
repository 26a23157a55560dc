using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>A device in the register, where it stands, and how it is.</summary>
/// <param name="View">Null: not judged yet; what stood of it stands.</param>
internal sealed record WatchedDevice(
    string DeviceId, Guid SchoolId, string Town, string School, Guid RoomId, string Room, HealthView? View)
{
    /// <summary>What was wrong with what it handed in of late.</summary>
    public IReadOnlyList<EvidenceTrouble> Evidence { get; init; } = [];
}

/// <param name="Kind"><see cref="AlertKind.EvidenceConflict"/> or <see cref="AlertKind.EvidenceAside"/>.</param>
/// <param name="Since">UTC: the first within the time that is looked at.</param>
internal sealed record EvidenceTrouble(AlertKind Kind, int Records, DateTimeOffset Since);

/// <summary>Lessons that wait for a person's decision.</summary>
/// <param name="Since">UTC: the judgement of the first of them.</param>
internal sealed record UndecidedLessons(int Lessons, DateTimeOffset Since);

/// <summary>What the hub sees at one moment: the engine's only input besides time and what staff decided.</summary>
/// <param name="Sight">Null: health is switched off, so that not seeing is nothing wrong.</param>
/// <param name="AliveDue">UTC: when today's sign of life is due; null: none wanted.</param>
internal sealed record AlertSight(IReadOnlyCollection<WatchedDevice> Devices, Sight? Sight, DateTimeOffset? AliveDue = null)
{
    /// <summary>Null: none.</summary>
    public UndecidedLessons? ToDecide { get; init; }

    public bool Blind => Sight is { Blind: true };
}
