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
    private bool _asking;

    public bool Muted { get; private set; } = muted;

    /// <summary>Muted here: at once, whatever the hub will say.</summary>
    public void OnMutedHere()
    {
        (Muted, _asking) = (true, false);
        _settlesAt = null;
    }

    /// <summary>
    /// A person here wants it open and the hub is being asked. Its snapshot may say so before its answer does; that is not a hub to be corrected.
    /// Ends with <see cref="OnUnmutedHere"/> or <see cref="OnUnmuteRefused"/>.
    /// </summary>
    public void OnUnmuteAsked() => _asking = true;

    /// <summary>The hub refused, or did not answer: it stays as it was.</summary>
    public void OnUnmuteRefused() => _asking = false;

    /// <summary>The hub has taken note of the un-mute asked for (or there is no lesson). Muted here in the meantime, it stays muted.</summary>
    public void OnUnmutedHere(DateTimeOffset now)
    {
        if (!_asking)
        {
            return;
        }

        (Muted, _asking) = (false, false);
        _settlesAt = now + Settling;
    }

    /// <summary>What the hub says of this device's seat.</summary>
    /// <returns>True: the hub takes the seat for open though it is muted here; it must be told.</returns>
    public bool OnSeat(SeatState seat, DateTimeOffset now)
    {
        if (!seat.Muted)
        {
            _settlesAt = null;
            return Muted && !_asking;
        }

        if (!Muted && (_settlesAt is null || now >= _settlesAt))
        {
            Muted = true;
        }

        return false;
    }
}
