using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Lets sound through only while the microphone is open; asked for every packet.</summary>
internal sealed class GatedSink(IFrameSink inner, Func<bool> microphoneOpen) : IFrameSink
{
    public void OnFrame(MediaFrame frame)
    {
        if (frame.Track == TrackKind.Video || microphoneOpen())
        {
            inner.OnFrame(frame);
        }
    }
}
