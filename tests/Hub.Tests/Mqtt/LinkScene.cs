using System.Collections.Concurrent;
using System.Text;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Mqtt;

/// <summary>A running link that keeps what it hears.</summary>
internal sealed class LinkScene : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public LinkScene(MqttLinkSettings settings)
    {
        Link = MqttLinks.Create(settings, TimeProvider.System);
        Link.Changed += Changes.Enqueue;
        Link.Received += Messages.Enqueue;
        _running = Link.RunAsync(_stop.Token);
    }

    public IMqttLink Link { get; }

    public ConcurrentQueue<MqttLinkChange> Changes { get; } = new();

    public ConcurrentQueue<MqttMessage> Messages { get; } = new();

    public static MqttLinkSettings Settings(int port, string id, Func<MqttWill?>? will = null, MqttTls? tls = null, string? username = null, string password = "secret") => new(
        "127.0.0.1", port, tls, id, username ?? id, () => password, TimeSpan.FromSeconds(30), CleanStart: false, TimeSpan.FromSeconds(60), will ?? (() => null), 20);

    public static MqttMessage Text(string topic, string text, bool retain = false) => new(topic, Encoding.UTF8.GetBytes(text), MqttQos.AtLeastOnce, retain);

    public static string TextOf(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public static async Task<LinkScene> UpAsync(MqttLinkSettings settings)
    {
        var scene = new LinkScene(settings);
        await scene.IsUpAsync();
        return scene;
    }

    public Task IsUpAsync(int times = 1) =>
        Until.TrueAsync(() => Changes.Count(c => c.Up) >= times, () => string.Join('\n', Changes));

    public async Task<MqttLinkChange> IsDownAsync()
    {
        await Until.TrueAsync(() => Changes.Any(c => !c.Up), () => "never down");
        return Changes.First(c => !c.Up);
    }

    public async Task<MqttMessage> HearsAsync(Func<MqttMessage, bool> wanted)
    {
        MqttMessage? found = null;
        await Until.TrueAsync(() => (found = Messages.FirstOrDefault(wanted)) is not null, () => string.Join('\n', Messages));
        return found!;
    }

    public async Task SubscribesAsync(params string[] filters)
    {
        MqttSubscribeResult result = await Link.SubscribeAsync([.. filters.Select(f => new MqttSubscription(f, MqttQos.AtLeastOnce))], CancellationToken.None);
        Assert.True(result.IsOk, string.Join(',', result.Reasons));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Link.DisposeAsync();
        _stop.Dispose();
    }
}
