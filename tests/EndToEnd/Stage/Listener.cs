using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>Watches one stream and counts what the hub forwards of it; connects again whenever nothing has come for a while.</summary>
internal sealed class Listener : IWatchSink, IAsyncDisposable
{
    private readonly Func<MediaTicket> _ticket;
    private readonly HttpClient _http;
    private readonly PeerFactory _peers = new(false, TimeSpan.FromMilliseconds(120), TimeProvider.System, NullLogger.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private int _pictures;
    private int _sounds;
    private int _connections;

    /// <param name="ticket">A fresh ticket for each connection.</param>
    public Listener(HubProcess hub, Func<MediaTicket> ticket)
    {
        (_ticket, _http) = (ticket, new HttpClient { BaseAddress = hub.Address });
        _run = RunAsync();
    }

    public int Pictures => Volatile.Read(ref _pictures);

    /// <summary>Opus packets.</summary>
    public int Sounds => Volatile.Read(ref _sounds);

    public int Connections => Volatile.Read(ref _connections);

    public bool WantsKeyFrame => false;

    public void OnFormat(VideoFormat video, bool hasAudio) => Assert.True(hasAudio);

    public void OnFrame(MediaFrame frame) => Interlocked.Increment(ref frame.Track == TrackKind.Audio ? ref _sounds : ref _pictures);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _peers.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var api = new HubApi(_http);
        try
        {
            while (true)
            {
                MediaTicket ticket = _ticket();
                await using IPeer peer = _peers.Watch(ticket.StreamId, this);
                Result<MediaAnswer, HubRefusal> answer = await api.OfferAsync(ticket.Url, ticket.Token, peer.Offer, _stop.Token);
                if (!answer.IsOk || peer.Start(answer.Value.Sdp) is not null)
                {
                    await Task.Delay(200, _stop.Token);
                    continue;
                }

                if (await Task.WhenAny(peer.Connected, peer.Ended).WaitAsync(_stop.Token) == peer.Connected)
                {
                    Interlocked.Increment(ref _connections);
                }

                await peer.Ended.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The story is over.
        }
    }
}
