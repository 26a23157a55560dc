namespace ThreeClassrooms.Agent.Playback;

/// <summary>
/// Measures how far picture and sound of the test pattern are apart, in the stream's own presentation time: the flash's first frame against the
/// tone's first sample. Pure; one owner.
/// </summary>
internal sealed class LipSkew
{
    public const int SampleRate = 48_000;
    private const int Window = SampleRate / 200;

    /// <summary>RMS of full scale over 5 ms from which on the tone sounds; well above the codec's noise, well below the tone.</summary>
    private const double ToneLevel = 0.05;

    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(450);
    private static readonly TimeSpan QuietBefore = TimeSpan.FromMilliseconds(200);

    private readonly Queue<TimeSpan> _skews = new();
    private TimeSpan? _flash;
    private TimeSpan? _beep;
    private bool _wasBright = true;
    private TimeSpan _quietSince = TimeSpan.MaxValue;
    private long _samples;
    private double _energy;
    private int _inWindow;

    /// <summary>Picture minus sound, median of the last five seconds' marks; positive: the picture is late. Null: no marks seen.</summary>
    public TimeSpan? Current => _skews.Count == 0 ? null : _skews.Order().ElementAt(_skews.Count / 2);

    public void OnPicture(bool bright, TimeSpan at)
    {
        if (bright && !_wasBright)
        {
            _flash = at;
            Pair();
        }

        _wasBright = bright;
    }

    /// <param name="samples">Signed 16-bit mono; the first ever sample is at presentation time zero.</param>
    public void OnSound(ReadOnlySpan<short> samples)
    {
        foreach (short sample in samples)
        {
            double value = sample / 32768.0;
            _energy += value * value;
            _samples++;
            if (++_inWindow == Window)
            {
                OnWindow(Math.Sqrt(_energy / Window));
                (_energy, _inWindow) = (0, 0);
            }
        }
    }

    private void OnWindow(double level)
    {
        var start = TimeSpan.FromSeconds((double)(_samples - Window) / SampleRate);
        if (level < ToneLevel)
        {
            _quietSince = _quietSince < start ? _quietSince : start;
            return;
        }

        if (_quietSince != TimeSpan.MaxValue && start - _quietSince > QuietBefore)
        {
            _beep = start;
            Pair();
        }

        _quietSince = TimeSpan.MaxValue;
    }

    private void Pair()
    {
        if (_flash is { } flash && _beep is { } beep && (flash - beep).Duration() < Together)
        {
            _skews.Enqueue(flash - beep);
            if (_skews.Count > 5)
            {
                _skews.Dequeue();
            }

            (_flash, _beep) = (null, null);
        }
    }
}
