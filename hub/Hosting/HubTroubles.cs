using System.Collections.Immutable;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>What is wrong with the hub itself.</summary>
internal enum HubTrouble
{
    /// <summary>The certificate that pages are served with is over: browsers and devices without a pin refuse the hub.</summary>
    CertificateExpired,

    /// <summary>It is over within 60 days.</summary>
    CertificateEndsSoon,

    /// <summary>The hub's own key was lost with its files: classrooms that pinned the old one must be given the new one.</summary>
    CertificateKeyLost,

    /// <summary>A damaged file was set aside and begun anew.</summary>
    FileSetAside,

    DatabaseDamaged,

    /// <summary>Less than 200 MB, or 1 %, is free for the data folder.</summary>
    DiskFull,

    /// <summary>The web pages' files are not there.</summary>
    PagesDamaged,
}

/// <summary>The present troubles of the hub, for <c>/readyz</c>, the log and the devices' page. Thread-safe.</summary>
internal sealed class HubTroubles
{
    private ImmutableSortedDictionary<HubTrouble, string> _all = ImmutableSortedDictionary<HubTrouble, string>.Empty;

    /// <summary>Each with what it is about: a file's name, a date.</summary>
    public IReadOnlyDictionary<HubTrouble, string> All => _all;

    /// <summary>None that keeps people or classrooms from their lessons.</summary>
    public bool IsReady => !_all.Keys.Any(IsFatal);

    public static bool IsFatal(HubTrouble trouble) => trouble is HubTrouble.CertificateExpired or HubTrouble.DatabaseDamaged or HubTrouble.DiskFull or HubTrouble.PagesDamaged;

    /// <returns>False: it was known.</returns>
    public bool Set(HubTrouble trouble, string about) =>
        ImmutableInterlocked.Update(ref _all, (all, _) => all.TryGetValue(trouble, out string? known) && known == about ? all : all.SetItem(trouble, about), 0);

    public void Clear(HubTrouble trouble) => ImmutableInterlocked.Update(ref _all, (all, _) => all.Remove(trouble), 0);
}
