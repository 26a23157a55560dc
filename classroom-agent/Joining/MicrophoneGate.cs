using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Whether the microphone's sound may leave the device. Only an explicit un-mute at this device opens it; muting may come from here or from the
/// lecturer. Reconnecting, restarting or being given the floor changes nothing: what was muted stays muted. Pure; one owner.
/// </summary>
/// <param name="muted">As remembered on disk; a receiving room that was never un-muted is muted.</param>
internal sealed class MicrophoneGate(bool muted)
{
    /// <summary>Snapshots that were under way when the un-mute was confirmed may still say "muted" for this long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private DateTimeOffset? _settlesAt;

    public bool Muted { get; private set; } = muted;

    /// <summary>Muted here: at once, whatever the hub will say.</summary>
    public void OnMutedHere()
    {
        Muted = true;
        _settlesAt = null;
    }

    /// <summary>Un-muted here by a person, and the hub has taken note (or there is no lesson).</summary>
    public void OnUnmutedHere(DateTimeOffset now)
    {
        Muted = false;
        _settlesAt = now + Settling;
    }

    /// <summary>What the hub says of this device's seat.</summary>
    /// <returns>True: the hub takes the seat for open though it is muted here; it must be told.</returns>
    public bool OnSeat(SeatState seat, DateTimeOffset now)
    {
        if (!seat.Muted)
        {
            _settlesAt = null;
            return Muted;
        }

        if (!Muted && (_settlesAt is null || now >= _settlesAt))
        {
            Muted = true;
        }

        return false;
    }
}
