using System.Threading.RateLimiting;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>Offers per client address and per ticket: a whole school behind one address may rejoin at once, a flood may not.</summary>
internal sealed class OfferLimiter(StreamsOptions options) : IDisposable
{
    public const int OffersPerTicket = 8;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.OffersPerSecond * 10,
            TokensPerPeriod = options.OffersPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private readonly PartitionedRateLimiter<string> _tickets = PartitionedRateLimiter.Create<string, string>(ticket =>
        RateLimitPartition.GetTokenBucketLimiter(ticket, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = OffersPerTicket,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = MediaTickets.Lifetime,
            QueueLimit = 0,
        }));

    public bool Admits(HttpContext context)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "");
        return lease.IsAcquired;
    }

    /// <summary>A ticket is for one connection: a few offers are its tries, more are none.</summary>
    public bool AdmitsTicket(string token)
    {
        using RateLimitLease lease = _tickets.AttemptAcquire(token);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _limiter.Dispose();
        _tickets.Dispose();
    }
}
