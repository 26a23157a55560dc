using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Agent.Tests.Capture;

public sealed class SoundMeterTests
{
    private bool _open = true;

    [Theory]
    [InlineData(1.0, -3.0)]
    [InlineData(0.5, -9.0)]
    [InlineData(0.001, -63.0)]
    public void Tone_HasItsLevel(double amplitude, double level)
    {
        SoundMeter meter = Meter();
        meter.OnSamples(Tone(amplitude, seconds: 10));
        Assert.Equal(level, meter.Take()!.Value, 0.5);
        Assert.Null(meter.Take());
    }

    [Fact]
    public void TheLoudestSecondCounts_SoThatOneWordAMinuteIsNoSilence()
    {
        SoundMeter meter = Meter();
        meter.OnSamples(Tone(0.0002, seconds: 50));
        meter.OnSamples(Tone(0.1, seconds: 2));
        Assert.InRange(meter.Take()!.Value, -30, -20);
        meter.OnSamples(Tone(0.0002, seconds: 50));
        Assert.True(meter.Take() < -60);
    }

    [Fact]
    public void NothingButZeros_IsToldApartFromTheQuietestRoom()
    {
        SoundMeter meter = Meter();
        meter.OnSamples(new byte[2 * SoundMeter.SampleRate * 30]);
        Assert.Equal(SoundMeter.Nothing, meter.Take());
        byte[] quiet = new byte[2 * SoundMeter.SampleRate * 30];
        quiet[5000] = 1;
        meter.OnSamples(quiet);
        Assert.Equal(SoundMeter.Quietest, meter.Take());
    }

    [Fact]
    public void ClosedMicrophone_IsNotMeasured_AndTooLittleSaysNothing()
    {
        SoundMeter meter = Meter();
        _open = false;
        meter.OnSamples(Tone(0.5, seconds: 60));
        Assert.Null(meter.Take());
        _open = true;
        meter.OnSamples(Tone(0.5, seconds: 2));
        Assert.Null(meter.Take());
    }

    [Fact]
    public void BreakOfTheSource_LeavesAHalfSecondOut()
    {
        SoundMeter meter = Meter();
        meter.OnSamples(Tone(0.0001, seconds: 6));
        meter.OnSamples(Tone(0.9, seconds: 1).AsSpan(2));
        meter.OnBreak();
        meter.OnSamples(Tone(0.0001, seconds: 1));
        Assert.True(meter.Take() < -70);
    }

    /// <summary>However the samples are cut into packets, the level is the same and within its bounds.</summary>
    [Fact]
    public void Cuts_DoNotMatter() => Prop.ForAll(
        Gen.Choose(1, 4000).Select(v => v * 2).ArrayOf(20).ToArbitrary(),
        (int[] cuts) =>
        {
            byte[] sound = Tone(0.3, seconds: 7);
            SoundMeter whole = Meter(), cut = Meter();
            whole.OnSamples(sound);
            int at = 0;
            for (int i = 0; at < sound.Length; i++)
            {
                int length = Math.Min(cuts[i % cuts.Length], sound.Length - at);
                cut.OnSamples(sound.AsSpan(at, length));
                at += length;
            }

            return whole.Take() is { } level && level is <= 0 and >= SoundMeter.Quietest && Math.Abs(level - cut.Take()!.Value) < 0.001;
        }).QuickCheckThrowOnFailure();

    /// <summary>With the real FFmpeg, and a file, whose sound takes the way of a network camera's.</summary>
    [Theory]
    [InlineData("sine=frequency=600:sample_rate=44100,volume=-56dB", -80, -74)]
    [InlineData("anullsrc=sample_rate=48000", SoundMeter.Nothing, SoundMeter.Nothing)]
    public async Task CapturedSound_IsMeasured(string sound, double least, double most)
    {
        using var folder = new TemporaryFolder();
        string file = await Films.MakeAsync(folder.Path, "color=gray:size=160x90:rate=10", sound, seconds: 4);
        SoundMeter meter = Meter();
        var capture = new CaptureLoop(
            new SourceSpec(SourceKind.File, file), new CaptureOptions { Width = 160, Height = 90, FramesPerSecond = 10 }, TimeProvider.System, NullLogger.Instance, meter);
        using var stop = new CancellationTokenSource();
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        Task running = capture.RunAsync(stop.Token);
        await Until.TrueAsync(() => meter.Seconds >= 3);
        Assert.InRange(meter.Take()!.Value, least, most);
        Assert.True(capture.AudioFlows);
        await stop.CancelAsync();
        await running;
    }

    private static byte[] Tone(double amplitude, int seconds)
    {
        short[] samples = new short[SoundMeter.SampleRate * seconds];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(amplitude * short.MaxValue * Math.Sin(2 * Math.PI * 500 * i / SoundMeter.SampleRate));
        }

        return MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
    }

    private SoundMeter Meter() => new(() => _open);
}
