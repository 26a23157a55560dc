using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>The streams of the lesson attended: made, shown, reported, ended.</summary>
internal sealed partial class LessonLoop
{
    private RunningStream Publish(string streamId)
    {
        IPublishPeer Make()
        {
            IPublishPeer peer = _around.Peers.Publish(streamId);
            var gate = new GatedSink(peer, () => MicrophoneOpen);
            _around.Capture.Add(gate);
            _ = peer.Ended.ContinueWith(_ => _around.Capture.Remove(gate), TaskScheduler.Default);
            return peer;
        }

        StreamSession session = Session(streamId, MediaDirection.Publish, Make, () => { });
        session.Ended += reason =>
        {
            if (reason == PeerEnd.ClosedByHub)
            {
                Post(() => Apply(_attendance.OnPublishTakenOver(Now)));
            }
        };
        return Run(session, null);
    }

    private void Watch(string streamId)
    {
        var stream = new WatchedStream(streamId, _around.Playback);
        StreamSession session = Session(streamId, MediaDirection.Watch, () => _around.Peers.Watch(streamId, stream), stream.OnAnswer);
        stream.Statistics = () => session.Statistics;
        _watched[streamId] = Run(session, stream);
        Arrange();
    }

    private void Unwatch(string streamId)
    {
        if (_watched.Remove(streamId, out RunningStream? running))
        {
            // What was received since the last report is evidence too.
            Report(running.LessonId, running.SeatId, [running.Stream!.Report()]);
            End(running);
            Arrange();
        }
    }

    private StreamSession Session(string streamId, MediaDirection direction, Func<IPeer> make, Action onAnswer) =>
        new(_attendance.Lesson!.LessonId, streamId, direction, _around.Link, _around.Api, make, onAnswer, () => Now, _around.Time, _around.Log);

    private RunningStream Run(StreamSession session, WatchedStream? stream)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        Task run = Task.WhenAll(session.RunAsync(stop.Token), stream?.RunAsync(stop.Token) ?? Task.CompletedTask);
        return new RunningStream(_attendance.Lesson!.LessonId, _attendance.SeatId!, session, stream, stop, run);
    }

    private void End(RunningStream? running)
    {
        if (running is not null)
        {
            running.Stop.Cancel();
            _ending.RemoveAll(t => t.IsCompleted);
            _ending.Add(running.Run.ContinueWith(_ => running.Release(), TaskScheduler.Default));
        }
    }

    private void StopAll()
    {
        foreach (RunningStream running in _watched.Values)
        {
            End(running);
        }

        _watched.Clear();
        End(_published);
        _published = null;
    }

    private void ShowLesson(DeviceOccurrence lesson)
    {
        _lessonShown = true;
        _around.Screen.ShowLesson(lesson);
        Arrange();
    }

    /// <summary>Puts the watched streams where they belong on the screen; before the bell and after the lesson nowhere.</summary>
    private void Arrange()
    {
        if (_around.Shows)
        {
            IReadOnlyDictionary<string, ScreenPlace> places = ScreenLayout.Places(_watched.Keys);
            foreach ((string streamId, RunningStream running) in _watched)
            {
                running.Stream!.Show(_lessonShown ? places[streamId] : null);
            }
        }
    }

    private void Report()
    {
        if (_attendance.Lesson is { } lesson && _watched.Count > 0)
        {
            Report(lesson.LessonId, _attendance.SeatId!, [.. _watched.Values.Select(w => w.Stream!.Report())]);
        }
    }

    private void Report(Guid lessonId, string seatId, ReceptionReport[] reports)
    {
        foreach (ReceptionReport report in reports)
        {
            _around.Evidence.Reception(lessonId, seatId, report);
        }

        _ = _around.Link.ReportReceptionAsync(lessonId, reports, _stop);
    }
}
