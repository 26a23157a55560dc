using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// Administration over the dynamic-security plugin, on a link of its own identity: a change of one's own user ends one's connection. One batch of at most ten
/// commands at a time: every command rewrites the plugin's whole file, and the broker stands still meanwhile. Thread-safe.
/// </summary>
internal sealed class DynsecAdmin : IBrokerAdmin, IDisposable
{
    /// <summary>Commands per request.</summary>
    public const int BatchSize = 10;

    /// <summary>Users per page of a list, some 80 bytes each: far below the largest packet.</summary>
    public const int PageSize = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IMqttLink _link;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Waiting? _waiting;
    private volatile bool _listening;
    private long _batches;

    public DynsecAdmin(IMqttLink link, TimeProvider time)
    {
        (_link, _time) = (link, time);
        link.Received += OnReceived;
        link.Changed += OnChanged;
    }

    /// <summary>To be done after every connect, before anything is asked.</summary>
    public async Task<bool> ListenAsync(CancellationToken stop) =>
        _listening = (await _link.SubscribeAsync([new MqttSubscription(DynsecFile.ResponseTopic, MqttQos.AtLeastOnce)], stop)).IsOk;

    public async Task<IReadOnlyList<BrokerRefusal?>> ApplyAsync(IReadOnlyList<BrokerChange> changes, CancellationToken stop)
    {
        var refusals = new List<BrokerRefusal?>(changes.Count);
        foreach (BrokerChange[] batch in changes.Chunk(BatchSize))
        {
            Result<List<DynsecAnswer>, BrokerRefusal> answers = await AskAsync(name => DynsecWire.Write(batch, name), stop);
            refusals.AddRange(batch.Select((_, i) => !answers.IsOk ? answers.Refusal
                : i < answers.Value.Count ? DynsecWire.RefusalOf(answers.Value[i])
                : BrokerRefusal.NoAnswer));
        }

        return refusals;
    }

    public async Task<Result<List<ListedUser>, BrokerRefusal>> ListAsync(CancellationToken stop)
    {
        var all = new List<ListedUser>();
        while (true)
        {
            Result<List<DynsecAnswer>, BrokerRefusal> answers = await AskAsync(name => DynsecWire.WriteList(PageSize, all.Count, name), stop);
            if (!answers.IsOk)
            {
                return answers.Refusal!.Value;
            }

            if (answers.Value[0].Error is not null)
            {
                return BrokerRefusal.Other;
            }

            (IReadOnlyList<ListedUser> page, int total) = DynsecWire.ReadList(answers.Value[0]);
            all.AddRange(page);
            if (page.Count == 0 || all.Count >= total)
            {
                return all;
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Result<List<DynsecAnswer>, BrokerRefusal>> AskAsync(Func<string, byte[]> write, CancellationToken stop)
    {
        if (!_listening)
        {
            return BrokerRefusal.NotConnected; // an answer would not be heard
        }

        await _turn.WaitAsync(stop);
        try
        {
            string batch = string.Create(CultureInfo.InvariantCulture, $"b{++_batches}");
            var waiting = new Waiting(batch);
            _waiting = waiting;
            MqttPublishResult sent = await _link.PublishAsync(new MqttMessage(DynsecFile.ControlTopic, write(batch), MqttQos.AtLeastOnce), stop);
            if (!sent.IsOk)
            {
                return sent.Reason == MqttReason.NotConnected ? BrokerRefusal.NotConnected : BrokerRefusal.NoAnswer;
            }

            return await waiting.Answer.Task.WaitAsync(Patience, _time, stop) is { } answers ? answers : BrokerRefusal.NoAnswer;
        }
        catch (TimeoutException)
        {
            return BrokerRefusal.NoAnswer;
        }
        finally
        {
            _waiting = null;
            _turn.Release();
        }
    }

    private void OnReceived(MqttMessage message)
    {
        if (_waiting is { } waiting && message.Topic == DynsecFile.ResponseTopic && DynsecWire.Read(message.Payload.Span, waiting.Batch) is { } answers)
        {
            waiting.Answer.TrySetResult(answers);
        }
    }

    private void OnChanged(MqttLinkChange change)
    {
        _listening = false;
        if (!change.Up)
        {
            _waiting?.Answer.TrySetResult(null);
        }
    }

    private sealed record Waiting(string Batch)
    {
        /// <summary>Null: the connection ended.</summary>
        public TaskCompletionSource<List<DynsecAnswer>?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
