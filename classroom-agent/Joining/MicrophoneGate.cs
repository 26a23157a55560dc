using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Whether the microphone's sound may leave the device. In a receiving room only an explicit un-mute at this device opens it; muting may come from here or
/// from the lecturer. In the host's room the lecturer's own switch on the page closes and opens it too, beside the one at this device: each is taken back
/// where it was given. Reconnecting, restarting or being given the floor opens nothing, and what the hub closed is not carried into another lesson.
/// Pure; one owner.
/// </summary>
/// <param name="muted">As remembered on disk; a receiving room that was never un-muted is muted.</param>
internal sealed class MicrophoneGate(DeviceRole role, bool muted)
{
    /// <summary>Snapshots that were under way when the un-mute was confirmed may still say "muted" for this long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private DateTimeOffset? _settlesAt;
    private bool _asking;
    private bool _mutedByHub;
    private Guid? _lesson;

    public bool Muted => MutedHere || _mutedByHub;

    /// <summary>Muted at this device: what is remembered.</summary>
    public bool MutedHere { get; private set; } = muted;

    /// <summary>Muted here: at once, whatever the hub will say.</summary>
    public void OnMutedHere()
    {
        (MutedHere, _asking) = (true, false);
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

        (MutedHere, _asking) = (false, false);
        _mutedByHub &= role == DeviceRole.Main; // the lecturer's own mute is taken back on the page
        _settlesAt = now + Settling;
    }

    /// <summary>What the hub says of this device's seat.</summary>
    /// <returns>True: the hub takes the seat for open though it is muted here; it must be told.</returns>
    public bool OnSeat(Guid lessonId, SeatState seat, DateTimeOffset now)
    {
        if (_lesson != lessonId)
        {
            (_lesson, _mutedByHub) = (lessonId, false);
        }

        bool settled = _settlesAt is null || now >= _settlesAt;
        if (role == DeviceRole.Main)
        {
            _mutedByHub = seat.Muted && !seat.MutedAtDevice;
            return MutedHere && !_asking && !seat.MutedAtDevice;
        }

        if (!seat.Muted)
        {
            _settlesAt = null;
            return Muted && !_asking; // nobody but this device opens it, whatever became of the lecturer's mute
        }

        _mutedByHub |= settled;
        return false;
    }
}
