using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>A record on its way into the inbox.</summary>
/// <param name="Row">To be stored; an effect sets its outcome.</param>
internal sealed record ReceivedRecord(InboxRecord Row, RecordTime Time);

/// <summary>What a feature does with records of its types. Called once per record ever: its rows and the record's are one commit.</summary>
internal interface IRecordEffect
{
    /// <summary>Of <see cref="RecordTypes"/>; no two effects share one.</summary>
    IReadOnlyCollection<string> Types { get; }

    /// <summary>Adds rows to <paramref name="db"/>, saves nothing, and sets the outcome of every record. Must not depend on the order of arrival.</summary>
    Task ApplyAsync(HubDbContext db, DeviceCaller device, IReadOnlyList<ReceivedRecord> records, CancellationToken cancel);

    /// <summary>The commit has happened. Must not throw; a hub killed before this call catches up by itself.</summary>
    void OnCommitted(IReadOnlyList<ReceivedRecord> records);
}
