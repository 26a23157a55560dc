using System.Collections.Concurrent;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// A token bucket per key: each holds <paramref name="capacity"/> tokens at most and gets <paramref name="perSecond"/> a second. In memory; a key that is full
/// again is forgotten. Thread-safe; time is an argument.
/// </summary>
internal sealed class TokenBuckets(double capacity, double perSecond)
{
    /// <summary>Looked through for full ones beyond this.</summary>
    private const int Many = 4096;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <returns>False: the bucket has fewer than <paramref name="cost"/>; nothing was taken.</returns>
    public bool TryTake(string key, double cost, DateTimeOffset now)
    {
        if (_buckets.Count >= Many)
        {
            Forget(now);
        }

        Bucket bucket = _buckets.GetOrAdd(key, static (_, full) => new Bucket { Tokens = full.capacity, At = full.now }, (capacity, now));
        lock (bucket)
        {
            bucket.Fill(capacity, perSecond, now);
            if (bucket.Tokens < cost)
            {
                return false;
            }

            bucket.Tokens -= cost;
            return true;
        }
    }

    /// <summary>Whether <see cref="TryTake"/> would succeed; takes nothing.</summary>
    public bool Has(string key, double cost, DateTimeOffset now)
    {
        if (!_buckets.TryGetValue(key, out Bucket? bucket))
        {
            return cost <= capacity;
        }

        lock (bucket)
        {
            bucket.Fill(capacity, perSecond, now);
            return bucket.Tokens >= cost;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach ((string key, Bucket bucket) in _buckets)
        {
            lock (bucket)
            {
                bucket.Fill(capacity, perSecond, now);
                if (bucket.Tokens >= capacity)
                {
                    _buckets.TryRemove(key, out _);
                }
            }
        }
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public DateTimeOffset At { get; set; }

        public void Fill(double capacity, double perSecond, DateTimeOffset now)
        {
            if (now > At)
            {
                Tokens = Math.Min(capacity, Tokens + ((now - At).TotalSeconds * perSecond));
            }

            At = now;
        }
    }
}
