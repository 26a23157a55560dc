using System.Buffers;
using System.Threading.Channels;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Media.Matroska;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Looks after files that are no longer written: closes those that a crash left open, and gives each its index, one at a time.</summary>
internal sealed class FileKeeper(RecordingCatalogue catalogue, Remuxer remuxer, DataFolder folder, ILogger<FileKeeper> log) : IDisposable
{
    private readonly Channel<Recording> _work = Channel.CreateUnbounded<Recording>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private Task? _working;
    private bool _disposed;

    public async Task StartAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (Recording row in await catalogue.UnfinishedAsync())
        {
            _work.Writer.TryWrite(row);
        }

        _working = Task.Run(WorkAsync, CancellationToken.None);
    }

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

    private async Task WorkAsync()
    {
        try
        {
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
                await catalogue.UpdateAsync(row);
            }

            if (scan.Blocks == 0)
            {
                File.Delete(path);
                await catalogue.RemoveAsync(row);
                return;
            }

            await IndexAsync(row, path, scan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or Microsoft.EntityFrameworkCore.DbUpdateException or System.Data.Common.DbException)
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
            await catalogue.UpdateAsync(row);
            return;
        }

        (row.FileName, row.State, row.Bytes) = (target, RecordingState.Indexed, new FileInfo(targetPath).Length);
        await catalogue.UpdateAsync(row);
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
