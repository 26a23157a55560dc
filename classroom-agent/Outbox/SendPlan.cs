using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>How far one stream of one epoch has come.</summary>
/// <param name="Last">Highest number given; 0: none.</param>
/// <param name="Acked">Acknowledged through here.</param>
/// <param name="Asked">The hub was asked how far it is since the connection came up.</param>
internal readonly record struct StreamStatus(Guid Epoch, string Stream, long Last, long Acked, bool Asked);

/// <summary>What to send next, and what an answer means for the next try. Pure.</summary>
internal sealed class SendPlan
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(5);

    /// <summary>A disabled device asks now and then whether it was enabled again.</summary>
    private static readonly TimeSpan Hopeless = TimeSpan.FromMinutes(10);

    private int _failures;

    /// <summary>How many records the next batch may have; halved when the hub cannot take a batch, until the culprit stands alone.</summary>
    public int Limit { get; private set; } = EvidenceStreams.MaxRecords;

    /// <summary>The most important stream with something to send, the oldest epoch first; null: nothing.</summary>
    /// <param name="streams">Epochs in the order of their age.</param>
    public static StreamStatus? Next(IEnumerable<StreamStatus> streams)
    {
        StreamStatus[] waiting = [.. streams.Where(s => s.Last > s.Acked || (!s.Asked && s.Last > 0))];
        foreach (string stream in EvidenceStreams.All)
        {
            foreach (StreamStatus status in waiting.Where(s => s.Stream == stream))
            {
                return status;
            }
        }

        return null;
    }

    /// <param name="progress">The hub has more than before, or a record was refused for good (which is counted elsewhere).</param>
    /// <returns>How long to wait before the next batch.</returns>
    public TimeSpan OnAnswered(bool progress, double random)
    {
        Limit = EvidenceStreams.MaxRecords;
        if (progress)
        {
            _failures = 0;
            return TimeSpan.Zero;
        }

        return Wait(random);
    }

    /// <param name="random">0 inclusive to 1 exclusive.</param>
    public TimeSpan OnRefused(SendRefusal refusal, double random)
    {
        switch (refusal)
        {
            case SendRefusal.BadBatch when Limit > 1:
                Limit /= 2;
                return TimeSpan.Zero;
            case SendRefusal.DeviceDisabled:
                return Hopeless * (0.5 + (0.5 * random));
            default:
                return Wait(random);
        }
    }

    /// <summary>The connection to the hub came up: what failed before says nothing any more.</summary>
    public void OnLinkUp() => _failures = 0;

    private TimeSpan Wait(double random)
    {
        TimeSpan bound = First * Math.Pow(2, Math.Min(_failures, 16));
        _failures++;
        return (bound < Longest ? bound : Longest) * (0.1 + (0.9 * random));
    }
}

/// <summary>Why a whole batch was not taken.</summary>
internal enum SendRefusal
{
    /// <summary>No hub, or none that could store it: again later.</summary>
    Later,

    /// <summary>The hub does not know the token: again with a new one.</summary>
    BadToken,

    DeviceDisabled,

    /// <summary>The same bytes will be refused again.</summary>
    BadBatch,
}
