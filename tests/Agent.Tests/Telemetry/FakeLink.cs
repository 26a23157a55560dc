using System.Collections.Concurrent;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

/// <summary>A line to a hub that a test plays.</summary>
internal sealed class FakeLink : ITelemetryLink
{
    private volatile bool _online;

    public event Action? Online;

    public event Action<DesiredConfiguration>? DesiredReceived;

    public event Action<AgentCommand>? CommandReceived;

    public ConcurrentQueue<(UpKind Kind, object Report)> Sent { get; } = [];

    public bool Rotates { get; set; } = true;

    public bool IsOnline => _online;

    public IEnumerable<T> Of<T>() => Sent.Select(s => s.Report).OfType<T>();

    public void Connect()
    {
        _online = true;
        Online?.Invoke();
    }

    public void Disconnect() => _online = false;

    public void Want(DesiredConfiguration desired) => DesiredReceived?.Invoke(desired);

    public void Command(AgentCommand command) => CommandReceived?.Invoke(command);

    public Task<MqttPublishResult> PublishAsync<T>(UpKind kind, T report, CancellationToken stop)
    {
        if (!_online)
        {
            return Task.FromResult(new MqttPublishResult(MqttReason.NotConnected));
        }

        Sent.Enqueue((kind, report!));
        return Task.FromResult(new MqttPublishResult(MqttReason.Success));
    }

    public Task<TimeSpan?> MeasureAsync(CancellationToken stop) => Task.FromResult<TimeSpan?>(TimeSpan.FromMilliseconds(25));

    public Task<bool> RotateAsync(CancellationToken stop) => Task.FromResult(Rotates);
}
