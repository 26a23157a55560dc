using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Opens camera and microphone, and the lesson's file on the disk, as the lesson wants them, and closes them with it. One owner.</summary>
/// <param name="recording">Null: this room keeps nothing.</param>
internal sealed class LessonCapture(CaptureLoop capture, LocalRecording? recording) : IDisposable
{
    private IDisposable? _hold;

    /// <summary>Call whenever something may have changed; often costs nothing.</summary>
    public void Follow(bool captures, bool records)
    {
        if (captures && _hold is null)
        {
            _hold = capture.Open(CaptureReason.Lesson);
        }

        if (recording is not null && recording.IsOn != (captures && records))
        {
            recording.Set(captures && records);
        }

        if (!captures && _hold is not null)
        {
            _hold.Dispose();
            _hold = null;
        }
    }

    public void Dispose() => Follow(false, false);
}
