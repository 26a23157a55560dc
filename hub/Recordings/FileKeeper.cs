using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Media.Matroska;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Looks after files that are no longer written: closes those that a crash left open, and gives each its index, one at a time.</summary>
internal sealed class FileKeeper(RecordingCatalogue catalogue, Remuxer remuxer, DataFolder folder, ILogger<FileKeeper> log) : IDisposable
{
    private readonly Channel<Recording> _work = Channel.CreateUnbounded<Recording>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<Guid, bool> _begun = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _working;
    private bool _disposed;

    /// <summary>Begins with what an earlier run has left: rows that are not finished, and files without a row. Nothing may be recorded before.</summary>
    public Task StartAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Recording[] left = [.. RecordingFiles.In(folder.Recordings)];
        _working = Task.Run(() => WorkAsync(left), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>This file is being written now: it is nobody's left-over. Before its row is added.</summary>
    public void OnBegun(Guid id) => _begun[id] = true;

    /// <summary>Queues a closed file.</summary>
    public void Index(Recording row) => _work.Writer.TryWrite(row);

    /// <summary>What is not done now is done after the next start.</summary>
    public async Task StopAsync()
    {
        _work.Writer.TryComplete();
        if (_disposed)
        {
            return; // a host whose stop was cut short disposes before the stop is through
        }

        await _stop.CancelAsync();
        if (_working is not null)
        {
            await _working;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _stop.Dispose();
    }

    private async Task WorkAsync(IReadOnlyCollection<Recording> left)
    {
        try
        {
            await TakeUpAsync(left);
            await foreach (Recording row in _work.Reader.ReadAllAsync(_stop.Token))
            {
                await KeepAsync(row);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    private async Task TakeUpAsync(IReadOnlyCollection<Recording> left)
    {
        IReadOnlyList<Recording> unfinished = await catalogue.UnfinishedAsync(_stop.Token);
        HashSet<Guid> known = left.Count == 0 ? [] : await catalogue.KnownAsync([.. left.Select(r => r.Id)], _stop.Token);
        foreach (Recording row in left.Where(r => !known.Contains(r.Id)))
        {
            await catalogue.AddAsync(row, _stop.Token);
            RecordingsLog.Found(log, row.FileName);
            await KeepAsync(row);
        }

        foreach (Recording row in unfinished.Where(r => !_begun.ContainsKey(r.Id)))
        {
            await KeepAsync(row);
        }
    }

    private async Task KeepAsync(Recording row)
    {
        try
        {
            string path = Path.Combine(folder.Recordings, row.FileName);
            MatroskaScanner scan = Scan(path);
            if (row.State == RecordingState.Writing)
            {
                CloseAfterCrash(row, path, scan);
                RecordingsLog.Recovered(log, row.FileName);
                await catalogue.UpdateAsync(row, _stop.Token);
            }

            if (scan.Blocks == 0)
            {
                File.Delete(path);
                await catalogue.RemoveAsync(row, _stop.Token);
                return;
            }

            await IndexAsync(row, path, scan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            RecordingsLog.IndexFailed(log, row.FileName, fault.Message);
        }
    }

    /// <summary>Cuts the file behind its last whole cluster.</summary>
    private static void CloseAfterCrash(Recording row, string path, MatroskaScanner scan)
    {
        if (File.Exists(path) && new FileInfo(path).Length > scan.WholeLength)
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete);
            file.SetLength(scan.WholeLength);
        }

        (row.DurationMs, row.Bytes, row.State) = ((long)scan.End.TotalMilliseconds, scan.WholeLength, RecordingState.Closed);
    }

    private async Task IndexAsync(Recording row, string path, MatroskaScanner scan)
    {
        string target = Path.ChangeExtension(row.FileName, Remuxer.ExtensionFor(scan.Codecs));
        string targetPath = Path.Combine(folder.Recordings, target);
        string? fault = await remuxer.RunAsync(path, targetPath, _stop.Token);
        if (fault is not null)
        {
            row.State = RecordingState.Failed;
            RecordingsLog.IndexFailed(log, row.FileName, fault);
            await catalogue.UpdateAsync(row, _stop.Token);
            return;
        }

        (row.FileName, row.State, row.Bytes) = (target, RecordingState.Indexed, new FileInfo(targetPath).Length);
        await catalogue.UpdateAsync(row, _stop.Token);
        File.Delete(path);
        RecordingsLog.Indexed(log, row.FileName);
    }

    private static MatroskaScanner Scan(string path)
    {
        var scanner = new MatroskaScanner();
        if (!File.Exists(path))
        {
            return scanner;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        int read;
        while (!scanner.IsBroken && (read = file.Read(buffer)) > 0)
        {
            scanner.Feed(buffer.AsSpan(0, read));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return scanner;
    }
}
