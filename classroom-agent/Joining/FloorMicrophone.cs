namespace ThreeClassrooms.Agent.Joining;

internal enum FloorStep
{
    None,
    Open,
    Close,
}

/// <summary>
/// Opens the room's microphone when the lecturer gives the room the floor, after a countdown that the screen shows, where the school has agreed to that; and
/// closes again what it opened when the floor goes. Whoever touches the microphone in the meantime decides. Pure; one owner.
/// </summary>
/// <param name="agreed">The school's agreement; false: the floor opens nothing.</param>
internal sealed class FloorMicrophone(bool agreed)
{
    /// <summary>Long enough to read it on the screen and to press a key.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    private TimeSpan? _opensAt;
    private bool _had;
    private bool _opened;

    /// <summary>How long until it opens; null: it is not about to.</summary>
    public TimeSpan? Left(TimeSpan now) => _opensAt is { } at ? at > now ? at - now : TimeSpan.Zero : null;

    /// <param name="has">The room has the floor of a lesson that is live.</param>
    /// <param name="now">Monotonic.</param>
    public FloorStep OnFloor(bool has, bool muted, TimeSpan now)
    {
        bool came = has && !_had, went = !has && _had;
        _had = has;
        if (came && agreed && muted)
        {
            _opensAt = now + Notice;
        }
        else if (went)
        {
            bool close = _opened && !muted;
            (_opensAt, _opened) = (null, false);
            return close ? FloorStep.Close : FloorStep.None;
        }

        return FloorStep.None;
    }

    public FloorStep OnTime(bool muted, TimeSpan now)
    {
        if (_opensAt is not { } at || now < at)
        {
            return FloorStep.None;
        }

        _opensAt = null;
        _opened = muted;
        return muted ? FloorStep.Open : FloorStep.None;
    }

    /// <summary>Somebody in the room has muted or un-muted: from now on it is theirs.</summary>
    public void OnHand() => (_opensAt, _opened) = (null, false);
}
