using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Keeps one stream of a lesson connected: ticket, offer, answer, until told to stop; after any failure again with backoff.
/// A ticket is kept while it is good, so that media comes back even when the lesson connection is away.
/// </summary>
/// <param name="make">A new peer for each connection.</param>
/// <param name="onAnswer">Told the moment the hub has answered.</param>
internal sealed class StreamSession(
    Guid lessonId, string streamId, MediaDirection direction, HubLink link, HubApi api, Func<IPeer> make, Action onAnswer, Func<DateTimeOffset> hubNow, TimeProvider time,
    ILogger log)
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(12);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(3));
    private MediaTicket? _ticket;
    private CancellationTokenSource? _attempt;
    private volatile IPeer? _peer;
    private long _downSince;

    public string StreamId => streamId;

    /// <summary>Null while there is no connection.</summary>
    public PeerStatistics? Statistics => _peer?.Statistics;

    /// <summary>How long there has been no connection; zero while there is one, or nothing was tried yet.</summary>
    public TimeSpan Down => Interlocked.Read(ref _downSince) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Called with each reason from the session's task.</summary>
    public event Action<PeerEnd>? Ended;

    /// <summary>Drops the connection and makes it anew; may be called from anywhere.</summary>
    public void Again()
    {
        try
        {
            _attempt?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was just being made anew.
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        Interlocked.Exchange(ref _downSince, time.GetTimestamp());
        while (!stop.IsCancellationRequested)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _attempt = attempt;
            try
            {
                await OnceAsync(attempt.Token);
            }
            catch (OperationCanceledException)
            {
                // Told to stop or to begin again.
            }

            await Waits.PauseAsync(_backoff.Next(Random.Shared.NextDouble()), time, stop);
        }
    }

    private async Task OnceAsync(CancellationToken stop)
    {
        if (await TicketAsync(stop) is not { } ticket)
        {
            return;
        }

        await using IPeer peer = make();
        long begun = time.GetTimestamp();
        Result<MediaAnswer, HubRefusal> answer = await api.OfferAsync(ticket.Url, ticket.Token, peer.Offer, stop);
        if (!answer.IsOk)
        {
            log.OfferRefused(direction, streamId, answer.Refusal!.Value);
            if (answer.Refusal is HubRefusal.BadTicket or HubRefusal.BadCredentials or HubRefusal.TicketForOther)
            {
                _ticket = null;
            }

            return;
        }

        onAnswer();
        if (peer.Start(answer.Value.Sdp) is { } fault)
        {
            log.AnswerUnusable(direction, streamId, fault);
            return;
        }

        try
        {
            await ServeAsync(peer, begun, stop);
        }
        finally
        {
            _peer = null;
            Interlocked.CompareExchange(ref _downSince, time.GetTimestamp(), 0);
            if (answer.Value.Location is { } location)
            {
                using var quick = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await api.EndAsync(location, ticket.Token, quick.Token);
            }
        }
    }

    private async Task ServeAsync(IPeer peer, long begun, CancellationToken stop)
    {
        Task first = await Task.WhenAny(peer.Connected, peer.Ended, Task.Delay(ConnectWithin, time, stop));
        if (first == peer.Connected)
        {
            _peer = peer;
            Interlocked.Exchange(ref _downSince, 0);
            PeerStatistics now = peer.Statistics;
            log.StreamUp(direction, streamId, now.OverTcp ? "TCP" : "UDP", (long)time.GetElapsedTime(begun).TotalMilliseconds);
            _backoff.Reset();
            await peer.Ended.WaitAsync(stop);
        }

        stop.ThrowIfCancellationRequested();
        PeerEnd reason = peer.Ended.IsCompleted ? await peer.Ended : PeerEnd.NoPath;
        log.StreamEnded(direction, streamId, reason);
        Ended?.Invoke(reason);
    }

    private async Task<MediaTicket?> TicketAsync(CancellationToken stop)
    {
        // A ticket that runs out while the offer is under way is refused: 5 s are left.
        if (_ticket is { } kept && kept.ExpiresAt > hubNow() + TimeSpan.FromSeconds(5))
        {
            return kept;
        }

        CommandReply<MediaTicket>? reply = await link.TicketAsync(lessonId, streamId, direction, stop);
        if (reply?.Value is null)
        {
            log.TicketRefused(direction, streamId, reply?.Refusal);
        }

        return _ticket = reply?.Value;
    }
}
