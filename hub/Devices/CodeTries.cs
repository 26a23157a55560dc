using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// Wrong tries of one network against one live code. A network that has spent its tries is refused and counts no more, so that nobody burns a code from one place
/// by its first letters. In memory; thread-safe.
/// </summary>
internal sealed class CodeTries(DevicesOptions options)
{
    /// <summary>Networks that must spend all of their tries until the code is burnt.</summary>
    public const int NetworksToBurn = 4;

    private readonly TokenBuckets _tries = new(options.WrongTries, perSecond: options.WrongTries / 86_400.0);

    /// <returns>False: this network has none left for codes that begin like this.</returns>
    public bool MayTry(string network, string prefix, DateTimeOffset now) => _tries.Has($"{network} {prefix}", 1, now);

    public void Count(string network, string prefix, DateTimeOffset now) => _tries.TryTake($"{network} {prefix}", 1, now);
}
