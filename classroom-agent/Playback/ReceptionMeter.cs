using System.Runtime.InteropServices;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>What was decoded in one interval.</summary>
/// <param name="FreezeMs">Milliseconds of the interval inside gaps of more than 500 ms between pictures.</param>
/// <param name="SoundDb">dBFS RMS over the whole interval, −90 to 0; missing sound counts as silence.</param>
/// <param name="DelayMs">Median from the burnt-in moment to the decoded picture; null without the test pattern.</param>
/// <param name="LipSkewMs">Picture minus sound; null without the test pattern.</param>
internal sealed record MeterReading(
    TimeSpan Length, int Frames, double FramesPerSecond, int FreezeMs, bool Black, double SoundDb, double? DelayMs, double? LipSkewMs);

/// <summary>Turns decoded pictures and samples into what a reception report says. Pure: time is an argument, monotonic. One owner.</summary>
internal sealed class ReceptionMeter(TimeSpan start)
{
    private static readonly TimeSpan Freeze = TimeSpan.FromMilliseconds(500);
    private LipSkew _lips = new();
    private readonly List<int> _delays = [];
    private TimeSpan _from = start;
    private TimeSpan? _lastPicture;
    private bool _gapCounted;
    private TimeSpan _frozen;
    private int _frames;
    private bool _anyLight;
    private double _energy;
    private long _samples;

    /// <summary>When the first picture was decoded; null: none yet.</summary>
    public TimeSpan? FirstPicture { get; private set; }

    public TimeSpan? LastPicture => _lastPicture;

    /// <summary>Another decoder takes over: presentation times begin at zero again.</summary>
    public void OnDecoder() => _lips = new LipSkew();

    /// <param name="at">Presentation time in the stream; null when not known.</param>
    /// <param name="wall">The device's UTC clock now.</param>
    public void OnPicture(ReadOnlySpan<byte> gray, TimeSpan? at, TimeSpan now, DateTimeOffset wall)
    {
        CountGap(now);
        _gapCounted = false;
        _lastPicture = now;
        FirstPicture ??= now;
        _frames++;
        _anyLight |= !IsBlack(gray);
        if (PatternReader.TryRead(gray, out uint stamp))
        {
            if (PatternReader.Delay(stamp, wall) is { } delay)
            {
                _delays.Add(delay);
            }

            if (at is { } presented)
            {
                _lips.OnPicture(PatternReader.Flashes(gray), presented);
            }
        }
    }

    /// <param name="pcm">Signed 16-bit little-endian mono at 48 kHz, an even number of bytes.</param>
    public void OnSound(ReadOnlySpan<byte> pcm)
    {
        ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(pcm);
        foreach (short sample in samples)
        {
            _energy += (double)sample * sample;
        }

        _samples += samples.Length;
        _lips.OnSound(samples);
    }

    /// <summary>Closes the interval that began at the last reading and begins the next.</summary>
    public MeterReading Read(TimeSpan now)
    {
        CountGap(now);
        TimeSpan length = now - _from;
        double expected = Math.Max(_samples, length.TotalSeconds * LipSkew.SampleRate);
        double level = _energy <= 0 ? -90 : Math.Clamp(10 * Math.Log10(_energy / expected / (32768.0 * 32768.0)), -90, 0);
        var reading = new MeterReading(
            length, _frames, length > TimeSpan.Zero ? _frames / length.TotalSeconds : 0, (int)Math.Min(_frozen.TotalMilliseconds, length.TotalMilliseconds),
            _frames > 0 && !_anyLight, level, _delays.Count == 0 ? null : _delays.Order().ElementAt(_delays.Count / 2), _lips.Current?.TotalMilliseconds);
        (_from, _frozen, _frames, _anyLight, _energy, _samples) = (now, TimeSpan.Zero, 0, false, 0, 0);
        _delays.Clear();
        return reading;
    }

    private void CountGap(TimeSpan now)
    {
        // Before the first picture nothing stands still; that time has its own figure.
        if (_lastPicture is { } last && (_gapCounted || now - last > Freeze))
        {
            TimeSpan begin = last > _from ? last : _from;
            _frozen += now > begin ? now - begin : TimeSpan.Zero;
            _gapCounted = true;
        }
    }

    private static bool IsBlack(ReadOnlySpan<byte> gray)
    {
        for (int i = 0; i < gray.Length; i += 7)
        {
            if (gray[i] > 32)
            {
                return false;
            }
        }

        return true;
    }
}
