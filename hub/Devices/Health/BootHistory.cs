namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What the starts of a machine tell: one that starts over and over, and one identity used by two machines. One owner.</summary>
internal sealed class BootHistory
{
    private const int LoopStarts = 3;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly List<(Guid Boot, DateTimeOffset At)> _boots = [];
    private DateTimeOffset? _clash;

    public void OnBirth(Guid boot, DateTimeOffset now)
    {
        _boots.RemoveAll(b => now - b.At > Window);
        if (_boots is [.., var last] && last.Boot == boot)
        {
            return;
        }

        // A machine's boot id never comes again: one that was followed by another and is back means that two machines are alive.
        if (_boots.Exists(b => b.Boot == boot))
        {
            _clash = now;
        }

        _boots.Add((boot, now));
    }

    public IEnumerable<Condition> Conditions(DateTimeOffset now)
    {
        if (_clash is { } clash && now - clash <= Window)
        {
            yield return new Condition(IssueKind.IdentityClash, "", null, clash);
            yield break;
        }

        // The first start within the hour may have been a morning's: it takes two more.
        int starts = _boots.Where(b => now - b.At <= Window).Select(b => b.Boot).Distinct().Count();
        if (starts >= LoopStarts)
        {
            yield return new Condition(IssueKind.RebootLoop, "", starts);
        }
    }
}
