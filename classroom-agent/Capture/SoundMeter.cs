using System.Runtime.InteropServices;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// How loud the microphone is: the loudest second since the last reading, so that a teacher who speaks little is not taken for silence. Only the sums of
/// the running second are held, never sound. While the microphone is closed nothing is measured. Pure but for its lock.
/// </summary>
/// <param name="open">The microphone's sound may be heard; asked for every packet.</param>
internal sealed class SoundMeter(Func<bool> open)
{
    /// <summary>Hertz: enough for the level of speech, and cheap.</summary>
    public const int SampleRate = 8000;

    /// <summary>dBFS that stand for a signal of nothing but zeros, which no working microphone gives.</summary>
    public const double Nothing = -120;

    /// <summary>dBFS: the least that is told of a signal that is not nothing.</summary>
    public const double Quietest = -100;

    /// <summary>Fewer whole seconds than this say nothing about a minute.</summary>
    private const int FewestSeconds = 3;

    private readonly Lock _gate = new();
    private double _energy;
    private int _samples;
    private double _loudest;
    private int _seconds;

    /// <summary>Whole seconds heard in this interval.</summary>
    public int Seconds => Volatile.Read(ref _seconds);

    /// <param name="pcm">Signed 16-bit little-endian mono at <see cref="SampleRate"/>; an odd last byte is left out.</param>
    public void OnSamples(ReadOnlySpan<byte> pcm)
    {
        bool heard = open();
        lock (_gate)
        {
            if (!heard)
            {
                (_energy, _samples) = (0, 0);
                return;
            }

            foreach (short sample in MemoryMarshal.Cast<byte, short>(pcm))
            {
                _energy += (double)sample * sample;
                if (++_samples == SampleRate)
                {
                    _loudest = Math.Max(_loudest, _energy / SampleRate);
                    _seconds++;
                    (_energy, _samples) = (0, 0);
                }
            }
        }
    }

    /// <summary>The source begins anew: two halves make no second.</summary>
    public void OnBreak()
    {
        lock (_gate)
        {
            (_energy, _samples) = (0, 0);
        }
    }

    /// <summary>Ends the interval and begins the next.</summary>
    /// <returns>RMS in dBFS of the loudest second, <see cref="Quietest"/> to 0, or <see cref="Nothing"/>; null: too little was heard.</returns>
    public double? Take()
    {
        lock (_gate)
        {
            (double loudest, int seconds) = (_loudest, _seconds);
            (_loudest, _seconds) = (0, 0);
            return seconds < FewestSeconds ? null
                : loudest <= 0 ? Nothing
                : Math.Clamp(10 * Math.Log10(loudest / (32768.0 * 32768.0)), Quietest, 0);
        }
    }
}
