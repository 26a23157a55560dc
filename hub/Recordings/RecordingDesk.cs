using System.Collections.Concurrent;
using System.Threading.Channels;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>
/// Records what the media loop hands over: one thread writes all files, one task keeps the table, one task gives closed files their
/// index. Must start before the media driver and stop after it.
/// </summary>
internal sealed class RecordingDesk(
    RecordingCatalogue catalogue, FileKeeper keeper, DataFolder folder, RecordingsOptions options, TimeProvider time,
    ILogger<RecordingDesk> log) : IStreamRecorder, IHostedService, IDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<TapQueue> _begun = new();
    private readonly List<RecordingSession> _sessions = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Channel<Func<Task>> _notes = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly StopOnce _stop = new();
    private readonly CancellationTokenSource _patience = new(); // with the database, once the hub stops
    private Thread? _thread;
    private Task? _noting;
    private volatile bool _stopping;

    public IRecordingTap Begin(StreamKey key)
    {
        var queue = new TapQueue(key, () => _wake.Set());
        _begun.Enqueue(queue);
        return queue;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keeper.StartAsync(cancellationToken);
        _noting = Task.Run(KeepNotesAsync, CancellationToken.None);
        _thread = new Thread(Run) { Name = "recordings", IsBackground = true };
        _thread.Start();
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.RunAsync(async () =>
    {
        _stopping = true;
        _wake.Set();
        if (_thread is { IsAlive: true } thread)
        {
            await Task.Run(thread.Join, cancellationToken);
        }

        _notes.Writer.TryComplete();
        _patience.CancelAfter(StopPatience);
        if (_noting is not null)
        {
            await _noting;
        }

        await keeper.StopAsync();
    });

    public void Dispose()
    {
        _wake.Dispose();
        _patience.Dispose();
    }

    private void Run()
    {
        bool last;
        do
        {
            last = _stopping;
            while (_begun.TryDequeue(out TapQueue? queue))
            {
                _sessions.Add(new RecordingSession(queue, Open, Close));
            }

            for (int i = _sessions.Count - 1; i >= 0; i--)
            {
                if (!Serve(_sessions[i], last))
                {
                    _sessions.RemoveAt(i);
                }
            }

            if (!last)
            {
                _wake.WaitOne(Round);
            }
        }
        while (!last);
    }

    /// <returns>False when the session is over.</returns>
    private bool Serve(RecordingSession session, bool end)
    {
        try
        {
            return session.Serve(MonoClock.Now, end);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            RecordingsLog.Failed(log, fault, session.Key.LessonId, session.Key.StreamId);
            session.Abandon();
            return false;
        }
    }

    private RecordingPart? Open(StreamKey key, in TapItem publisher, Media.Time.MonoTime start)
    {
        long free = new DriveInfo(folder.Recordings).AvailableFreeSpace >> 20;
        if (free < options.KeepFreeMb)
        {
            RecordingsLog.DiskFull(log, free);
            return null;
        }

        var id = Guid.CreateVersion7();
        string lesson = key.LessonId.ToString("N");
        Directory.CreateDirectory(Path.Combine(folder.Recordings, lesson));
        var row = new Recording
        {
            Id = id,
            LessonId = key.LessonId,
            StreamId = key.StreamId,
            FileName = RecordingFiles.NameOf(key.LessonId, id, key.StreamId),
            StartedAt = time.GetUtcNow() - (MonoClock.Now - start),
            State = RecordingState.Writing,
        };
        var part = new RecordingPart(row, Path.Combine(folder.Recordings, row.FileName), publisher.Description!, start);
        keeper.OnBegun(row.Id);
        Note(() => catalogue.AddAsync(row, _patience.Token));
        RecordingsLog.Began(log, key.LessonId, key.StreamId, row.FileName);
        return part;
    }

    private void Close(RecordingPart part, long dropped)
    {
        part.Finish();
        Recording row = part.Row;
        (row.DurationMs, row.Bytes, row.State) = ((long)part.Duration.TotalMilliseconds, part.Bytes, RecordingState.Closed);
        part.Dispose();
        if (dropped > 0)
        {
            RecordingsLog.Dropped(log, dropped, row.StreamId);
        }

        RecordingsLog.Closed(log, row.FileName, part.Duration, row.Bytes);
        if (part.WhyNoPicture is { } reason)
        {
            RecordingsLog.NoPicture(log, row.FileName, reason);
        }

        Note(async () =>
        {
            await catalogue.UpdateAsync(row, _patience.Token);
            keeper.Index(row);
        });
    }

    private void Note(Func<Task> note) => _notes.Writer.TryWrite(note);

    private async Task KeepNotesAsync()
    {
        await foreach (Func<Task> note in _notes.Reader.ReadAllAsync())
        {
            try
            {
                await note();
            }
            catch (OperationCanceledException)
            {
                // The hub stops: the next start finds the file.
            }
        }
    }
}
