namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>
/// Hysteresis of one condition of one device: it becomes an issue when it has lasted, and ends when it has been gone for longer. One owner.
/// </summary>
internal sealed class IssueWatch(IssueKind kind, string part, IssueTiming timing)
{
    private DateTimeOffset? _bad;
    private DateTimeOffset? _quiet;

    public IssueKind Kind => kind;

    public string Part => part;

    /// <summary>When the condition began; null: it is not an issue.</summary>
    public DateTimeOffset? Since { get; private set; }

    public double? Value { get; private set; }

    public bool Raised => Since is not null;

    public bool Recovering => Raised && _quiet is not null;

    /// <summary>Nothing to remember.</summary>
    public bool Idle => !Raised && _bad is null;

    /// <summary>An issue that was open when the hub stopped.</summary>
    public static IssueWatch Restore(IssueKind kind, string part, IssueTiming timing, DateTimeOffset since, double? value) =>
        new(kind, part, timing) { Since = since, Value = value, _bad = since };

    /// <param name="condition">Null: not bad now.</param>
    /// <returns>True: raised; false: cleared; null: as before.</returns>
    public bool? On(Condition? condition, DateTimeOffset now)
    {
        if (condition is not { } bad)
        {
            return OnQuiet(now);
        }

        _quiet = null;
        _bad ??= bad.Since is { } since && since < now ? since : now;
        Value = bad.Value ?? Value;
        if (Raised || now - _bad < timing.Raise)
        {
            return null;
        }

        Since = _bad;
        return true;
    }

    private bool? OnQuiet(DateTimeOffset now)
    {
        _bad = null;
        if (!Raised)
        {
            return null;
        }

        _quiet ??= now;
        if (now - _quiet < timing.Clear)
        {
            return null;
        }

        (Since, _quiet, Value) = (null, null, null);
        return false;
    }
}
