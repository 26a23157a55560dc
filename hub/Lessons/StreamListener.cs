using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Carries news of the media loops to the lessons: who sends, and what flows as evidence.</summary>
internal sealed class StreamListener(LessonDirector director, StreamNews news, TimeProvider clock) : BackgroundService
{
    /// <summary>Who sends now; kept apart from the lessons, which may be read anew while a stream goes on. Only on the director's loop.</summary>
    private readonly Dictionary<StreamKey, StreamState> _publishers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (StreamEvent heard in news.Reader.ReadAllAsync(stoppingToken))
            {
                director.Post(() => HearAsync(heard));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private Task HearAsync(StreamEvent heard) => heard switch
    {
        StreamEvent.Publisher publisher => OnPublisherAsync(publisher),
        StreamEvent.Trouble trouble => OnTroubleAsync(trouble),
        StreamEvent.Flow { Sample.Packets: > 0 } flow => OnFlowAsync(flow),
        _ => Task.CompletedTask,
    };

    private async Task OnPublisherAsync(StreamEvent.Publisher heard)
    {
        if (heard.Up)
        {
            _publishers[heard.Key] = heard.Stream;
        }
        else
        {
            _publishers.Remove(heard.Key);
        }

        if (director.Known(heard.Key.LessonId) is { } lesson)
        {
            lesson.OnStream(heard.Up ? heard.Stream : null, heard.Key.StreamId);
            lesson.Machine.OnStream(heard.Key.StreamId, heard.Up, heard.Stream.HasAudio, heard.At);
            lesson.Machine.OnTime(clock.GetUtcNow(), lesson.NextLessonAt);
            await director.SettleAsync(lesson);
        }
    }

    private async Task OnTroubleAsync(StreamEvent.Trouble heard)
    {
        if (!_publishers.TryGetValue(heard.Key, out StreamState? state))
        {
            return;
        }

        _publishers[heard.Key] = state with { Trouble = heard.Name };
        if (director.Known(heard.Key.LessonId) is { } lesson)
        {
            lesson.OnStream(_publishers[heard.Key], heard.Key.StreamId);
            await director.SettleAsync(lesson);
        }
    }

    private async Task OnFlowAsync(StreamEvent.Flow heard)
    {
        if (director.Known(heard.Key.LessonId) is not { } lesson || !lesson.Machine.State.IsOpen)
        {
            return;
        }

        string stream = heard.Key.StreamId, from = StreamIds.SeatOf(stream);
        FlowSample sample = heard.Sample;
        bool seen = FlowRules.PictureMoves(sample), heardSound = FlowRules.SoundFlows(sample);
        if (heard.WatcherSeat is { } watcher)
        {
            if (from == LessonPlan.Host && lesson.Machine.Plan.IsReceiving(watcher))
            {
                lesson.OnFlow(watcher, stream, clock.GetUtcNow());
                Witness(lesson, new EvidenceKey(lesson.Id, watcher, EvidenceKind.Receiving, stream, FlowRules.Arrives(sample), seen, heardSound), sample);
            }

            return;
        }

        if (lesson.Machine.Plan.Seats.Contains(from))
        {
            Witness(lesson, new EvidenceKey(lesson.Id, from, EvidenceKind.Publishing, null, true, seen, heardSound), sample);
        }

        if (!lesson.Knows(stream) && _publishers.TryGetValue(heard.Key, out StreamState? state))
        {
            lesson.OnStream(state, stream);
            lesson.Machine.OnStream(stream, true, state.HasAudio, clock.GetUtcNow());
            await director.SettleAsync(lesson);
        }
    }

    private void Witness(LiveLesson lesson, EvidenceKey key, FlowSample sample)
    {
        // A packet now and then is nothing that anybody could see or hear.
        if (key.Seen || key.Heard)
        {
            director.Witness(lesson, key, sample.From, sample.To);
        }
    }
}
