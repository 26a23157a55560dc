using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Where notices wait to be delivered; a boundary: the engine's state and its messages are committed together.</summary>
internal interface INoticeQueue
{
    /// <summary>Adds the rows for this notice to the context; the caller saves. Does not wait, reads what it needs from memory or the context.</summary>
    /// <param name="channels">Empty: every channel that takes this severity.</param>
    /// <returns>How many channels take it; 0: nobody will hear of it.</returns>
    int Add(HubDbContext database, AlertNotice notice, IReadOnlyList<Guid> channels);
}
