namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>The passwords that may be good, tried in turn.</summary>
/// <param name="passwords">At least one.</param>
internal sealed class PasswordRound(IReadOnlyList<string> passwords)
{
    private volatile int _at;

    public string Present => passwords[_at];

    /// <returns>True: there is another one in this round, not tried yet. False: all were refused; the next attempt begins anew.</returns>
    public bool OnRefused()
    {
        _at = (_at + 1) % passwords.Count;
        return _at != 0;
    }
}
