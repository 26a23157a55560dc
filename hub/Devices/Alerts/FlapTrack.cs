using System.Numerics;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>
/// How often one thing changed between well and wrong in the last twenty stretches of time, weighted from 0.8 for the oldest to 1.2 for the newest as
/// Nagios weighs its last 21 checks. Immutable.
/// </summary>
internal sealed record FlapTrack
{
    private const int Stretches = 20;
    private const uint Mask = (1u << Stretches) - 1;

    public string Fingerprint { get; init; } = "";

    /// <summary>One bit per stretch, the newest lowest: it changed in it.</summary>
    public uint Changes { get; init; }

    /// <summary>UTC: begin of the newest stretch.</summary>
    public DateTimeOffset At { get; init; }

    public bool Flaps { get; init; }

    /// <summary>Nothing to remember.</summary>
    public bool Idle => Changes == 0 && !Flaps;

    /// <summary>0 to 100.</summary>
    public double Percent
    {
        get
        {
            double sum = 0;
            for (int age = 0; age < Stretches; age++)
            {
                sum += ((Changes >> age) & 1) * (1.2 - (0.4 * age / (Stretches - 1)));
            }

            return sum * 100 / Stretches;
        }
    }

    /// <param name="changed">It changed since the last call.</param>
    public FlapTrack On(bool changed, AlertsOptions options, DateTimeOffset now)
    {
        long passed = At == default ? Stretches : Math.Max(0, (now - At).Ticks / options.FlapStretch.Ticks);
        uint changes = passed >= Stretches ? 0 : (Changes << (int)passed) & Mask;
        FlapTrack after = this with
        {
            Changes = changes | (changed ? 1u : 0),
            At = At == default ? now : At.AddTicks(passed * options.FlapStretch.Ticks),
        };
        return after with { Flaps = after.Flaps ? after.Percent >= options.FlapStop : after.Percent >= options.FlapStart };
    }

    /// <summary>Worth a write: what a restart must not forget. The passing of time alone is not.</summary>
    public bool Differs(FlapTrack? stored) => stored is null || stored.Flaps != Flaps || BitOperations.PopCount(stored.Changes) != BitOperations.PopCount(Changes);
}
