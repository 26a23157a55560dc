using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>Hands the outbox's records in to the hub, one batch at a time, until it has them all; then waits for more.</summary>
internal sealed class OutboxSender(OutboxStore store, HubApi api, DeviceTokens tokens, HubClock clock, DeviceClock deviceClock, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan TendEvery = TimeSpan.FromSeconds(2);

    /// <summary>What is written within this time goes in one batch.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SendPlan _plan = new();
    private volatile bool _linkCame;
    private bool _refused;

    /// <summary>The connection to the hub came up: what waits is sent at once.</summary>
    public void OnLinkUp()
    {
        _linkCame = true;
        _wake.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        void Wake() => _wake.Writer.TryWrite(true);
        store.Appended += Wake;
        try
        {
            await Task.WhenAll(SendForeverAsync(stop), TendAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The agent ends; the rest is sent when it is started again.
        }
        finally
        {
            store.Appended -= Wake;
        }
    }

    private async Task SendForeverAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_linkCame)
            {
                _linkCame = false;
                _plan.OnLinkUp();
                store.AskAll();
            }

            if (SendPlan.Next(store.Streams()) is { } next)
            {
                TimeSpan wait = await SendAsync(next, stop);
                if (wait > TimeSpan.Zero)
                {
                    await PauseAsync(wait, stop);
                }
            }
            else
            {
                if (_refused)
                {
                    _refused = false;
                    log.AllHandedIn();
                }

                await _wake.Reader.ReadAsync(stop);
                await Task.Delay(Gather, time, stop);
            }
        }
    }

    /// <summary>Waits, but not longer than until the link comes up; new records do not shorten it.</summary>
    private async Task PauseAsync(TimeSpan wait, CancellationToken stop)
    {
        long since = time.GetTimestamp();
        while (!_linkCame && time.GetElapsedTime(since) is var gone && gone < wait)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task<bool> woken = _wake.Reader.WaitToReadAsync(pause.Token).AsTask();
            await Task.WhenAny(woken, Task.Delay(wait - gone, time, pause.Token));
            await pause.CancelAsync();
            stop.ThrowIfCancellationRequested();
            _wake.Reader.TryRead(out _);
        }
    }

    /// <returns>How long to wait before the next batch.</returns>
    private async Task<TimeSpan> SendAsync(StreamStatus next, CancellationToken stop)
    {
        if (await tokens.GetAsync(stop) is not { IsOk: true } token)
        {
            return Refused(SendRefusal.Later);
        }

        if (store.Batch(next, _plan.Limit) is not var (from, batch))
        {
            return Refused(SendRefusal.Later);
        }

        long sent = time.GetTimestamp();
        Result<StreamAck, HubRefusal> answer = await api.PutBatchAsync(token.Value, next.Epoch, next.Stream, from, batch, stop);
        if (answer.IsOk)
        {
            clock.OnSample(answer.Value.HubTime, time.GetElapsedTime(sent));
            bool moved = store.OnAck(next, answer.Value);
            return _plan.OnAnswered(moved || batch.Records.Count + batch.Dropped.Count == 0, Random.Shared.NextDouble());
        }

        SendRefusal refusal = answer.Refusal switch
        {
            HubRefusal.BadCredentials => SendRefusal.BadToken,
            HubRefusal.DeviceDisabled => SendRefusal.DeviceDisabled,
            HubRefusal.BadBatch => SendRefusal.BadBatch,
            _ => SendRefusal.Later,
        };
        if (refusal == SendRefusal.BadToken)
        {
            tokens.Drop();
        }

        if (refusal == SendRefusal.BadBatch && batch.Records.Count == 1)
        {
            store.OnBadRecord(next, from);
        }

        return Refused(refusal);
    }

    private TimeSpan Refused(SendRefusal refusal)
    {
        if (!_refused)
        {
            _refused = true;
            log.SendRefused(refusal);
        }

        return _plan.OnRefused(refusal, Random.Shared.NextDouble());
    }

    private async Task TendAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TendEvery, time);
        do
        {
            if (deviceClock.Watch() is { } jump)
            {
                log.ClockSet((long)jump.TotalMilliseconds);
                store.Append(EvidenceStreams.State, RecordTypes.ClockJump, new ClockJumpRecord((long)jump.TotalMilliseconds));
            }

            store.Tend();
        }
        while (await beat.WaitForNextTickAsync(stop));
    }
}
