using System.Threading.RateLimiting;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>Offers per client address: a whole school behind one address may rejoin at once, a flood may not.</summary>
internal sealed class OfferLimiter(StreamsOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.OffersPerSecond * 10,
            TokensPerPeriod = options.OffersPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool Admits(HttpContext context)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "");
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
