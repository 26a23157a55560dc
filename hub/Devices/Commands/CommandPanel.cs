using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>What a person did a moment ago, and what the hub says to it.</summary>
/// <param name="Refusal">Null: it was taken.</param>
/// <param name="AskSure">Not asked of the device yet: to be confirmed.</param>
internal sealed record CommandReplied(CommandKind Kind, int? Value = null, string? Text = null, CommandRefusal? Refusal = null, bool TakenBack = false, bool AskSure = false);

/// <summary>The commands of one device as a page shows them.</summary>
/// <param name="Kinds">What this person may ask; empty: nothing.</param>
/// <param name="History">Newest first.</param>
/// <param name="Files">Commands with a picture or log that this person may open.</param>
/// <param name="Agreement">The room's agreement to stills; null: none.</param>
/// <param name="Update">A newer version that this device can be given by this person; null: none.</param>
/// <param name="MayAgree">This person decides on it.</param>
internal sealed record CommandPanel(
    string DeviceId, IReadOnlyList<CommandKind> Kinds, IReadOnlyList<DeviceCommand> History, IReadOnlySet<Guid> Files, PictureAgreement? Agreement, bool MayAgree,
    string? Update, CommandReplied? Replied = null)
{
    /// <summary>Offered at first sight; the rest under "more".</summary>
    public const int FirstKinds = 4;

    /// <summary>Shown before those under "earlier".</summary>
    public const int Newest = 4;

    private const int OnDevicePage = 20;

    public bool Runs => History.Any(c => c.FinishedAt is null);

    /// <param name="most">Rows of the history; null: as many as a device's page shows.</param>
    public static async Task<CommandPanel> ReadAsync(
        CommandDesk desk, PictureDesk pictures, ReleaseOffer offer, Device device, Caller caller, CommandReplied? replied, int? most, CancellationToken cancel) => new(
        device.Id, device.DisabledAt is null ? [.. CommandRules.Offered.Where(k => CommandRights.MayAsk(caller, k))] : [],
        await desk.HistoryAsync(device.Id, most ?? OnDevicePage, cancel), await desk.FilesAsync(device.Id, caller, cancel), await pictures.OfAsync(device.ClassroomId, cancel),
        PictureDesk.MayAgree(caller, device.Classroom.SchoolId), CommandRights.MayAsk(caller, CommandKind.Update) ? await offer.NewerAsync(device, cancel) : null, replied);
}
