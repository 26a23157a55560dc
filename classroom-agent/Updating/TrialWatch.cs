namespace ThreeClassrooms.Agent.Updating;

/// <param name="Online">The broker has taken this connection's birth.</param>
/// <param name="Answered">The hub has answered over HTTPS.</param>
/// <param name="Reported">The broker has taken the report of parts.</param>
internal readonly record struct TrialSigns(bool Online, bool Answered, bool Reported)
{
    public bool AllGood => Online && Answered && Reported;
}

/// <summary>When a version on trial has proved itself: all its signs are good, without a break, for <paramref name="hold"/>. Pure; one owner.</summary>
internal sealed class TrialWatch(TimeSpan hold)
{
    private TimeSpan? _since;

    /// <param name="now">Monotonic.</param>
    /// <returns>It has proved itself.</returns>
    public bool OnTime(TrialSigns signs, TimeSpan now)
    {
        _since = signs.AllGood ? _since ?? now : null;
        return _since is { } since && now - since >= hold;
    }
}
