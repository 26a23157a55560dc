using System.Net;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>Says in the log that connections are refused, and why: each reason at most once a minute, with how many there were since. Thread-safe.</summary>
internal sealed class GateWatch(TimeProvider time, ILogger<StreamServer> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly (long? At, int Count)[] _told = new (long?, int)[Enum.GetValues<GateRefusal>().Length];

    public void OnRefused(GateRefusal refusal, IPEndPoint? from)
    {
        int count;
        lock (_lock)
        {
            ref (long? At, int Count) told = ref _told[(int)refusal];
            told.Count++;
            if (told.At is { } at && time.GetElapsedTime(at) < Pause)
            {
                return;
            }

            count = told.Count;
            told = (time.GetTimestamp(), 0);
        }

        StreamsLog.ConnectionsRefused(log, count, refusal.ToString(), from?.Address.ToString() ?? "nowhere");
    }
}
