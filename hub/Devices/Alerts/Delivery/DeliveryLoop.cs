using System.Collections.Concurrent;
using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Why a channel was not tried.</summary>
internal enum TrialRefusal
{
    /// <summary>It has sent as much as it may for now, or its service asked for quiet.</summary>
    TooSoon,

    /// <summary>There is no such channel.</summary>
    Unknown,
}

/// <summary>
/// Sends what waits: one message at a time per channel, the channels side by side. This loop alone writes the queue after the engine has added to it; what
/// goes over the network is done beside it and only comes back as an outcome. A message is written down as being sent before it is: a hub that dies in
/// between sends it once more, and never loses it.
/// </summary>
internal sealed class DeliveryLoop(
    DeliveryStore store, ChannelRegister register, Courier courier, DeliveryOptions options, TimeProvider clock, ILogger<DeliveryLoop> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReloadEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TrialWaits = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopWaits = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, Errand> _errands = [];
    private readonly Dictionary<Guid, AlertChannelHealth> _health = [];
    private readonly ConcurrentQueue<Trial> _trials = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _sending = new();
    private DateTimeOffset _reloaded;
    private readonly StopOnce _stop = new();

    /// <summary>Sends a test message, in the channel's turn and within its limits.</summary>
    public async Task<Result<DeliveryOutcome, TrialRefusal>> TryAsync(Guid channelId, CancellationToken cancel)
    {
        var trial = new Trial(channelId, new TaskCompletionSource<Result<DeliveryOutcome, TrialRefusal>>(TaskCreationOptions.RunContinuationsAsynchronously));
        _trials.Enqueue(trial);
        Wake();
        try
        {
            return await trial.Done.Task.WaitAsync(TrialWaits, cancel);
        }
        catch (TimeoutException)
        {
            return TrialRefusal.TooSoon;
        }
        finally
        {
            trial.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Looks at once, not within a second.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>The channels are known before the engine's first notice.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await register.ReloadAsync(cancellationToken);
        if (await store.RecoverAsync(cancellationToken) is > 0 and var recovered)
        {
            log.Recovered(recovered);
        }

        foreach (AlertChannelHealth health in await store.ReadHealthAsync(cancellationToken))
        {
            _health[health.ChannelId] = health;
        }

        _reloaded = clock.GetUtcNow();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>What is on its way may arrive; what does not within seconds is sent again by the next start.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => _stop.RunAsync(async () =>
    {
        await base.StopAsync(cancellationToken);
        Task arrived = Task.WhenAll(_errands.Values.Select(e => e.Sending));
        await arrived.WaitAsync(StopWaits, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await FinishAsync(clock.GetUtcNow(), CancellationToken.None);
        await _sending.CancelAsync();
    });

    public override void Dispose()
    {
        _sending.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(clock.GetUtcNow(), stoppingToken);
                await _wake.WaitAsync(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.StepFailed(fault);
                await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync(DateTimeOffset now, CancellationToken stop)
    {
        await FinishAsync(now, stop);
        if (now - _reloaded >= ReloadEvery || now < _reloaded) // a clock that was set back
        {
            _reloaded = now;
            await register.ReloadAsync(stop);
            await store.ExpireAsync(now - options.GiveUpAfter, now, stop);
            await store.ForgetAsync(now.AddDays(-options.KeepDays), stop);
        }

        if (register.Channels.Count > 0 || !_trials.IsEmpty)
        {
            await TryChannelsAsync(now, stop);
            foreach (Guid id in await store.ChannelsWaitingAsync(stop))
            {
                if (register.Channels.GetValueOrDefault(id) is { Enabled: true } channel && !_errands.ContainsKey(id))
                {
                    await SendNextAsync(channel, now, stop);
                }
            }
        }
    }

    private async Task SendNextAsync(Channel channel, DateTimeOffset now, CancellationToken stop)
    {
        AlertChannelHealth health = HealthOf(channel.Id, now);
        IReadOnlyList<WaitingMessage> next = DeliveryPlan.Next(await store.WaitingAsync(channel.Id, stop), BucketOf(health), health.PausedUntil, now);
        if (next.Count == 0)
        {
            return;
        }

        Spend(health);
        List<(long Id, AlertNotice Notice)> begun = await store.BeginAsync([.. next.Select(m => m.Id)], health, Guid.CreateVersion7(), now, stop);
        if (begun.Count > 0)
        {
            string delivery = string.Create(CultureInfo.InvariantCulture, $"{channel.Id:N}-{begun[0].Id}-{begun[^1].Id}");
            Start(new Errand(channel, next, null, courier.SendAsync(channel, [.. begun.Select(b => b.Notice)], delivery, _sending.Token)));
        }
    }

    private async Task TryChannelsAsync(DateTimeOffset now, CancellationToken stop)
    {
        for (int left = _trials.Count; left > 0 && _trials.TryDequeue(out Trial? trial); left--)
        {
            if (trial.Done.Task.IsCompleted)
            {
                continue;
            }

            if (register.Channels.GetValueOrDefault(trial.ChannelId) is not { } channel)
            {
                trial.Done.TrySetResult(TrialRefusal.Unknown);
                continue;
            }

            if (_errands.ContainsKey(channel.Id))
            {
                _trials.Enqueue(trial); // after what is on its way
                continue;
            }

            AlertChannelHealth health = HealthOf(channel.Id, now);
            if (BucketOf(health).Available == 0 || now < health.PausedUntil)
            {
                trial.Done.TrySetResult(TrialRefusal.TooSoon);
                continue;
            }

            Spend(health);
            await store.SaveHealthAsync(health, stop);
            Start(new Errand(channel, [], trial, courier.SendAsync(channel, [courier.TestOf(channel)], Guid.CreateVersion7().ToString("N"), _sending.Token)));
        }
    }

    private void Start(Errand errand)
    {
        _errands[errand.Channel.Id] = errand;
        _ = errand.Sending.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Writes down what came of the errands that are done. One that cannot be written down is tried again, not sent again.</summary>
    private async Task FinishAsync(DateTimeOffset now, CancellationToken stop)
    {
        foreach (Errand errand in _errands.Values.Where(e => e.Sending.IsCompleted).ToList())
        {
            if (errand.Sending.IsCanceled)
            {
                _errands.Remove(errand.Channel.Id); // the hub stops: its rows still say "sending"
                continue;
            }

            DeliveryOutcome outcome = await errand.Sending;
            AlertChannelHealth health = HealthOf(errand.Channel.Id, now);
            Note(health, errand.Channel.Kind, outcome, now);
            if (errand.Trial is { } trial)
            {
                await store.SaveHealthAsync(health, stop);
                await (outcome.Arrived ? store.HurryAsync(errand.Channel.Id, stop) : Task.CompletedTask);
                _errands.Remove(errand.Channel.Id);
                trial.Done.TrySetResult(outcome);
            }
            else
            {
                await WriteAsync(errand, outcome, health, now, stop);
                _errands.Remove(errand.Channel.Id);
            }
        }
    }

    private async Task WriteAsync(Errand errand, DeliveryOutcome outcome, AlertChannelHealth health, DateTimeOffset now, CancellationToken stop)
    {
        if (outcome.Fault is not { } fault)
        {
            await store.ArrivedAsync([.. errand.Messages.Select(m => m.Id)], health, now, stop);
            log.Sent(errand.Channel.Id, errand.Messages.Count);
            return;
        }

        double chance = Random.Shared.NextDouble();
        FailedMessage[] failed =
        [
            .. errand.Messages.Select(m => new FailedMessage(
                m.Id, DeliveryPlan.AfterFailure(errand.Channel.Kind, outcome, m, errand.Messages.Count, now, chance, options))),
        ];
        await store.FailedAsync(failed, outcome, health, now, stop);
        log.NotTaken(errand.Channel.Id, failed.Length, fault, errand.Messages[0].Tries + 1);
        if (failed.Count(f => f.NextTryAt is null) is > 0 and var aside)
        {
            log.LaidAside(aside, errand.Channel.Id, fault);
        }
    }

    private static void Note(AlertChannelHealth health, ChannelKind kind, DeliveryOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Arrived)
        {
            (health.SentAt, health.Fault, health.Detail, health.FailedInRow, health.PausedUntil) = (now, null, null, 0, null);
        }
        else
        {
            (health.FailedAt, health.Fault, health.Detail) = (now, outcome.Fault, outcome.Detail);
            health.FailedInRow++;
            health.PausedUntil = now + RetryRule.PauseAfter(kind, outcome) ?? health.PausedUntil;
        }
    }

    private AlertChannelHealth HealthOf(Guid channelId, DateTimeOffset now)
    {
        if (!_health.TryGetValue(channelId, out AlertChannelHealth? health))
        {
            var full = TokenBucket.Full(now);
            _health[channelId] = health = new AlertChannelHealth { ChannelId = channelId, Tokens = full.Tokens, TokensAt = full.At };
        }

        TokenBucket filled = BucketOf(health).Filled(now, options.PerMinute);
        (health.Tokens, health.TokensAt) = (filled.Tokens, filled.At);
        return health;
    }

    private static TokenBucket BucketOf(AlertChannelHealth health) => new(health.Tokens, health.TokensAt);

    private static void Spend(AlertChannelHealth health) => health.Tokens = BucketOf(health).Take().Tokens;

    /// <summary>Something that is on its way to a channel: messages of the queue, or a trial.</summary>
    private sealed record Errand(Channel Channel, IReadOnlyList<WaitingMessage> Messages, Trial? Trial, Task<DeliveryOutcome> Sending);

    private sealed record Trial(Guid ChannelId, TaskCompletionSource<Result<DeliveryOutcome, TrialRefusal>> Done);
}
