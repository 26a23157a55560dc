using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Timetable;

/// <summary>Keeps the timetable fresh: at start from disk, then from the hub every 60 s and whenever <see cref="Refresh"/> is called.</summary>
/// <param name="onTimetable">Called with each new timetable, from this loop's task.</param>
internal sealed class TimetableLoop(
    HubApi api, DeviceTokens tokens, TimetableStore store, HubClock clock, TimeProvider time, ILogger log, Action<DeviceTimetable> onTimetable)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _etag;

    /// <summary>Asks for the timetable now; may be called from anywhere, many calls make one request.</summary>
    public void Refresh() => _wanted.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken stop)
    {
        if (store.Load() is { } stored)
        {
            // Until the hub answers, its clock is taken to be where it was.
            clock.Remember(stored.ClockOffset);
            _etag = stored.ETag;
            onTimetable(stored.Timetable);
        }

        while (!stop.IsCancellationRequested)
        {
            bool reached = await FetchAsync(stop);
            TimeSpan wait = reached ? Period * (0.9 + (0.2 * Random.Shared.NextDouble())) : TimeSpan.FromSeconds(1 + (4 * Random.Shared.NextDouble()));
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task<bool> asked = _wanted.Reader.WaitToReadAsync(pause.Token).AsTask();
            await Task.WhenAny(asked, Task.Delay(wait, time, pause.Token));
            await pause.CancelAsync();
            _wanted.Reader.TryRead(out _);
        }
    }

    /// <returns>False: the hub gave no timetable; try again soon.</returns>
    private async Task<bool> FetchAsync(CancellationToken stop)
    {
        Result<string, HubRefusal> token = await tokens.GetAsync(stop);
        if (!token.IsOk)
        {
            log.TimetableRefused(token.Refusal!.Value);
            return false;
        }

        long sent = time.GetTimestamp();
        Result<TimetableAnswer, HubRefusal> answer = await api.TimetableAsync(token.Value, _etag, stop);
        if (!answer.IsOk)
        {
            if (answer.Refusal == HubRefusal.BadCredentials)
            {
                tokens.Drop();
            }

            log.TimetableRefused(answer.Refusal!.Value);
            return false;
        }

        if ((answer.Value.HubTime ?? answer.Value.Timetable?.HubTime) is { } told)
        {
            clock.OnSample(told, time.GetElapsedTime(sent));
        }

        if (answer.Value.Timetable is { } timetable)
        {
            _etag = answer.Value.ETag;
            store.Save(new StoredTimetable(timetable, _etag, time.GetUtcNow(), clock.Offset));
            log.TimetableFetched(timetable.Occurrences.Count);
            onTimetable(timetable);
        }

        return true;
    }
}
