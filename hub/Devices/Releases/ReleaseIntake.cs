using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A file that the installation laid down and what became of it.</summary>
internal sealed record IntakeLine(string File, string? Version, ReleaseRefusal? Refusal);

/// <summary>Takes in what the installation laid into <see cref="ReleaseShelf.Incoming"/>: at the hub's start and when staff ask for it.</summary>
internal sealed class ReleaseIntake(IServiceScopeFactory scopes, ILogger<ReleaseIntake> log) : BackgroundService
{
    /// <summary>A file of this name beside a package was refused once and is not looked at again.</summary>
    private const string RefusedExtension = ".refused";

    private const int LongestSignature = 200;

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <returns>What was found, in the order of names; empty: nothing lay there.</returns>
    public async Task<IReadOnlyList<IntakeLine>> TakeAllAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await LookThroughAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TakeAllAsync(stoppingToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.IntakeFailed(fault); // a full disk must not keep the hub from starting
        }
    }

    private static async Task<string?> SignatureOfAsync(string path, CancellationToken cancel)
    {
        var file = new FileInfo(path + ReleaseShelf.SignatureExtension);
        return !file.Exists ? null : file.Length > LongestSignature ? "?" : await File.ReadAllTextAsync(file.FullName, cancel);
    }

    private async Task<IReadOnlyList<IntakeLine>> LookThroughAsync(CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        ReleaseShelf shelf = scope.ServiceProvider.GetRequiredService<ReleaseShelf>();
        List<IntakeLine> lines = [];
        foreach (string path in Directory.EnumerateFiles(shelf.Incoming, "*" + ReleaseShelf.Extension).Order(StringComparer.Ordinal).ToList())
        {
            Result<TakenRelease, ReleaseRefusal> taken = await shelf.TakeAsync(path, await SignatureOfAsync(path, cancel), ReleaseOrigin.Installed, null, cancel);
            lines.Add(new IntakeLine(Path.GetFileName(path), taken.IsOk ? taken.Value.Version : null, taken.Refusal));
            if (taken.IsOk)
            {
                File.Delete(path + ReleaseShelf.SignatureExtension);
                log.ReleaseTaken(taken.Value.Version);
            }
            else
            {
                File.Move(path, path + RefusedExtension, overwrite: true);
                log.PackageRefused(Path.GetFileName(path), taken.Refusal!.Value);
            }
        }

        return lines;
    }
}
