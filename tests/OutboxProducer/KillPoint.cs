using System.Diagnostics;

namespace ThreeClassrooms.OutboxProducer;

/// <summary>Where a process dies, as if the power had gone: no handler runs, nothing is flushed.</summary>
public enum KillPoint
{
    None,

    /// <summary>A batch is about to be sent.</summary>
    BeforeSending,

    /// <summary>The answer has arrived and nothing was done about it yet.</summary>
    AfterAnswer,

    /// <summary>SQLite moves the write-ahead log into the file.</summary>
    MidCheckpoint,

    /// <summary>The hub has committed records and not acknowledged them.</summary>
    AfterCommit,

    /// <summary>The hub has inserted records and not committed them.</summary>
    MidBatch,
}

public static class Death
{
    /// <summary>SIGKILL to this very process.</summary>
    public static void Now()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}

/// <summary>Dies around one of the first batches that are sent.</summary>
internal sealed class KillingHandler(KillPoint point) : DelegatingHandler
{
    private static readonly int At = Random.Shared.Next(3, 40);
    private static int Sent;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool batch = request.Method == HttpMethod.Put && Interlocked.Increment(ref Sent) >= At;
        if (batch && point == KillPoint.BeforeSending)
        {
            Death.Now();
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (batch && point == KillPoint.AfterAnswer && response.IsSuccessStatusCode)
        {
            Death.Now();
        }

        return response;
    }
}
