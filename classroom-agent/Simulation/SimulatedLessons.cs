using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>
/// A simulated device's lessons: it reads its timetable and writes down, lesson by lesson, that it attends and records; the agent's own outbox hands that in.
/// Picture and sound are not simulated. The outbox is opened when there is something to write or something left over.
/// </summary>
internal sealed class SimulatedLessons(
    string data, HubApi api, DeviceTokens tokens, HubClock clock, TimeProvider time, SimulationSurroundings around) : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private volatile DeviceTimetable? _timetable;
    private volatile OutboxStore? _outbox;
    private LessonEvidence? _evidence;
    private Task _sending = Task.CompletedTask;

    /// <summary>Null: nothing was ever written.</summary>
    public Backlog? Backlog
    {
        get
        {
            if (_outbox?.Backlog() is not { } waiting)
            {
                return null;
            }

            TimeSpan age = waiting.Oldest is { } oldest ? time.GetUtcNow() - oldest : TimeSpan.Zero;
            return new Backlog(waiting.Unsent, age > TimeSpan.Zero ? age : TimeSpan.Zero);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        // A county of devices behind one address may not ask all at once.
        await Waits.PauseAsync(TimeSpan.FromSeconds(30 * Random.Shared.NextDouble()), TimeProvider.System, stop);
        var timetable = new TimetableLoop(api, tokens, new TimetableStore(data), clock, time, around.Log, read => _timetable = read);
        Task reading = timetable.RunAsync(stop);
        if (File.Exists(Path.Combine(data, "outbox", "outbox.db")))
        {
            Open(stop);
        }

        while (!stop.IsCancellationRequested)
        {
            Step(stop);
            await Waits.PauseAsync(Beat, TimeProvider.System, stop);
        }

        await Task.WhenAll(reading.ContinueWith(_ => { }, TaskScheduler.Default), _sending);
    }

    public ValueTask DisposeAsync()
    {
        _outbox?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Step(CancellationToken stop)
    {
        DateTimeOffset now = clock.Now;
        DeviceOccurrence? lesson = _timetable?.Occurrences.FirstOrDefault(o =>
            o.StartsAt <= now && now < o.EndsAt && o.Phase is not (LessonPhase.Cancelled or LessonPhase.Missed or LessonPhase.Ended));
        if (lesson is not null && _evidence is null)
        {
            Open(stop);
        }

        if (_evidence is { } evidence)
        {
            evidence.Attend(lesson?.LessonId, lesson?.SeatId, now);
            evidence.Keep(recorded: lesson is not null, linked: true, now);
        }
    }

    private void Open(CancellationToken stop)
    {
        var deviceClock = new DeviceClock(clock, time);
        var outbox = new OutboxStore(data, new OutboxOptions(), deviceClock, around.Log);
        outbox.Appended += around.Counters.OnRecord;
        var sender = new OutboxSender(outbox, api, tokens, clock, deviceClock, time, around.Log);
        _sending = sender.RunAsync(stop);
        (_outbox, _evidence) = (outbox, new LessonEvidence(outbox));
    }
}
