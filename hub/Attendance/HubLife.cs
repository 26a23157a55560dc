using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>
/// Keeps the mark that the hub is alive, and when it starts writes down how long it was not. Registered before the lessons' loop, so that no
/// lesson is judged before the outage is known.
/// </summary>
internal sealed class HubLife(IServiceScopeFactory scopes, TimeProvider clock, ILogger<HubLife> log) : BackgroundService
{
    /// <summary>How often the mark is set.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>Two beats that were missed: shorter absences disturb nobody.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeatAsync(noteOutage: true, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await BeatAsync(noteOutage: false, stoppingToken);
                }
                catch (Exception fault) when (fault is DbUpdateException or System.Data.Common.DbException)
                {
                    AttendanceLog.BeatFailed(log, fault); // the next one will do
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task BeatAsync(bool noteOutage, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        AliveMark? mark = await db.Set<AliveMark>().SingleOrDefaultAsync(cancel);
        if (noteOutage && mark is not null && now - mark.At >= Shortest)
        {
            db.Add(new Incident { Id = Guid.CreateVersion7(), Kind = IncidentKind.HubOutage, From = mark.At, To = now, RecordedAt = now });
            AttendanceLog.WasAway(log, mark.At, now);
        }

        if (mark is null)
        {
            db.Add(new AliveMark { At = now });
        }
        else
        {
            mark.At = now;
        }

        await db.SaveChangesAsync(cancel);
    }
}

internal static partial class AttendanceLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The hub was away from {From:o} to {To:o}: lessons of that time that cannot be judged wait for a decision")]
    public static partial void WasAway(ILogger log, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(1301, LogLevel.Warning, "The mark that the hub is alive could not be set")]
    public static partial void BeatFailed(ILogger log, Exception fault);
}
