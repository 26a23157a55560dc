using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Carries news of the media loops to the lessons: who sends, and what flows as evidence.</summary>
internal sealed class StreamListener(LessonDirector director, EvidenceBook evidence, StreamNews news, TimeProvider clock) : BackgroundService
{
    /// <summary>Who sends now; kept apart from the lessons, which may be read anew while a stream goes on. Only on this loop.</summary>
    private readonly Dictionary<StreamKey, StreamState> _publishers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (StreamEvent heard in news.Reader.ReadAllAsync(stoppingToken))
            {
                Hear(heard);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Hear(StreamEvent heard)
    {
        switch (heard)
        {
            case StreamEvent.Publisher publisher:
                OnPublisher(publisher);
                break;
            case StreamEvent.Trouble trouble:
                OnTrouble(trouble);
                break;
            case StreamEvent.Flow { Sample.Packets: > 0 } flow:
                StreamState? known = _publishers.GetValueOrDefault(flow.Key);
                director.PostIfKnown(flow.Key.LessonId, (line, lesson) => OnFlowAsync(line, lesson, flow, known));
                break;
        }
    }

    private void OnPublisher(StreamEvent.Publisher heard)
    {
        if (heard.Up)
        {
            _publishers[heard.Key] = heard.Stream;
        }
        else
        {
            _publishers.Remove(heard.Key);
        }

        director.PostIfKnown(heard.Key.LessonId, async (line, lesson) =>
        {
            lesson.OnStream(heard.Up ? heard.Stream : null, heard.Key.StreamId);
            lesson.Machine.OnStream(heard.Key.StreamId, heard.Up, heard.Stream.HasAudio, heard.At);
            lesson.Machine.OnTime(clock.GetUtcNow(), lesson.NextLessonAt);
            await line.SettleAsync();
        });
    }

    private void OnTrouble(StreamEvent.Trouble heard)
    {
        if (!_publishers.TryGetValue(heard.Key, out StreamState? state))
        {
            return;
        }

        StreamState troubled = _publishers[heard.Key] = state with { Trouble = heard.Name };
        director.PostIfKnown(heard.Key.LessonId, async (line, lesson) =>
        {
            lesson.OnStream(troubled, heard.Key.StreamId);
            await line.SettleAsync();
        });
    }

    /// <param name="published">Who sends the stream now; null: nobody known.</param>
    private async Task OnFlowAsync(LessonLine line, LiveLesson lesson, StreamEvent.Flow heard, StreamState? published)
    {
        string stream = heard.Key.StreamId, from = StreamIds.SeatOf(stream);
        FlowSample sample = heard.Sample;
        LessonState state = lesson.Machine.State;
        if (!state.IsOpen && !(state.EndedAt > sample.From))
        {
            return; // what flowed before the end counts, also when it is told after it
        }

        bool seen = FlowRules.PictureMoves(sample), heardSound = FlowRules.SoundFlows(sample);
        if (heard.WatcherSeat is { } watcher)
        {
            if (from == LessonPlan.Host && lesson.Machine.Plan.IsReceiving(watcher))
            {
                lesson.OnFlow(watcher, stream, clock.GetUtcNow());
                Witness(line, new EvidenceKey(lesson.Id, watcher, EvidenceKind.Receiving, stream, FlowRules.Arrives(sample), seen, heardSound), sample);
            }

            return;
        }

        if (lesson.Machine.Plan.Seats.Contains(from))
        {
            Witness(line, new EvidenceKey(lesson.Id, from, EvidenceKind.Publishing, null, true, seen, heardSound), sample);
        }

        if (published is not null && state.IsOpen && !lesson.Knows(stream))
        {
            lesson.OnStream(published, stream);
            lesson.Machine.OnStream(stream, true, published.HasAudio, clock.GetUtcNow());
            await line.SettleAsync();
        }
    }

    private void Witness(LessonLine line, EvidenceKey key, FlowSample sample)
    {
        // A packet now and then is nothing that anybody could see or hear.
        if (key.Seen || key.Heard)
        {
            evidence.Add(key, sample.From, sample.To);
            line.JudgeAgain();
        }
    }
}
