using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>
/// What is written over the lesson and over the card alike: the lecturer's messages for some time, the countdown to an open microphone, that the microphone is
/// open, and a sign as long as anything is captured. Calls may come from anywhere.
/// </summary>
internal sealed class ScreenNotices(TimeProvider time)
{
    /// <summary>A class reads aloud and slowly.</summary>
    public static readonly TimeSpan MessageStays = TimeSpan.FromSeconds(25);

    private const int MostMessages = 3;
    private const int LongestLine = 34;

    private readonly Lock _gate = new();
    private readonly Queue<(string Text, long At)> _messages = [];
    private long _lastId = -1;

    /// <summary>Camera and microphone are open.</summary>
    public Func<bool> Captured { get; set; } = () => false;

    /// <summary>How long until the microphone opens for the floor; null: it is not about to.</summary>
    public Func<TimeSpan?> Opens { get; set; } = () => null;

    /// <summary>The room's sound goes out.</summary>
    public Func<bool> MicrophoneOpen { get; set; } = () => false;

    /// <summary>Each line once: a device that joins again is told the last lines again.</summary>
    public void OnChat(ChatLine line)
    {
        lock (_gate)
        {
            if (line.Id > _lastId)
            {
                _lastId = line.Id;
                _messages.Enqueue(($"{line.Author}：{line.Text}", time.GetTimestamp()));
                if (_messages.Count > MostMessages)
                {
                    _messages.Dequeue();
                }
            }
        }
    }

    /// <summary>Lines of another lesson count anew.</summary>
    public void OnLessonOver()
    {
        lock (_gate)
        {
            _messages.Clear();
            _lastId = -1;
        }
    }

    /// <returns>ASS events on 1280 × 720; empty: nothing is to be said.</returns>
    public string Text()
    {
        var text = new System.Text.StringBuilder();
        if (Captured())
        {
            AssText.Append(text, 7, 20, 16, 22, "F25F5C", Words.Get(MicrophoneOpen() ? "SignCameraAndMicrophone" : "SignCamera"), boxed: true);
        }

        if (Opens() is { } left)
        {
            AssText.Append(text, 5, 640, 90, 44, "F7C948", Words.Format("SignMicrophoneOpens", (int)Math.Ceiling(left.TotalSeconds)), boxed: true);
        }

        int y = 690;
        foreach (string line in Enumerable.Reverse(Shown()))
        {
            AssText.Append(text, 2, 640, y, 38, "FFFFFF", line, boxed: true);
            y -= 52;
        }

        return text.ToString();
    }

    private List<string> Shown()
    {
        lock (_gate)
        {
            while (_messages.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > MessageStays)
            {
                _messages.Dequeue();
            }

            return [.. _messages.SelectMany(m => AssText.Wrap(m.Text, LongestLine, 3)).TakeLast(6)];
        }
    }
}
