using System.Buffers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.Media.Matroska;

namespace ThreeClassrooms.Hub.Tests.Recordings;

public sealed class FileKeeperTests : IAsyncLifetime
{
    private readonly SqliteDatabase _database = new();
    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("keeper-").FullName);
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _services = new ServiceCollection().AddScoped(_ => ((IDatabase)_database).Open()).BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder.Root, recursive: true);
    }

    [Fact]
    public async Task FileLeftOpenByACrash_IsCutClosedAndGivenItsIndex()
    {
        Recording row = await LeftOpenAsync([.. Sound(seconds: 5), 0x1F, 0x43, 0xB6]); // the head of a cluster that never came

        await KeepAsync("ffmpeg", r => r?.State == RecordingState.Indexed);

        Recording kept = (await FindAsync(row.Id))!;
        Assert.EndsWith(".webm", kept.FileName, StringComparison.Ordinal);
        Assert.InRange(kept.DurationMs, 4500, 5000);
        Assert.Equal(new FileInfo(Path.Combine(_folder.Recordings, kept.FileName)).Length, kept.Bytes);
        Assert.False(File.Exists(Path.Combine(_folder.Recordings, row.FileName)));
    }

    [Fact]
    public async Task WhenTheIndexCannotBeMade_TheFileIsKeptAsItWasRecorded()
    {
        byte[] whole = Sound(seconds: 5);
        Recording row = await LeftOpenAsync([.. whole, 0x1F, 0x43, 0xB6]);

        await KeepAsync("no-such-program", r => r?.State == RecordingState.Failed);

        Recording kept = (await FindAsync(row.Id))!;
        Assert.Equal(row.FileName, kept.FileName);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Path.Combine(_folder.Recordings, kept.FileName)));
    }

    [Fact]
    public async Task FileWithNothingInIt_IsForgotten()
    {
        Recording row = await LeftOpenAsync([]);
        await KeepAsync("ffmpeg", r => r is null);
        Assert.False(File.Exists(Path.Combine(_folder.Recordings, row.FileName)));
    }

    private static byte[] Sound(int seconds)
    {
        var writer = new MatroskaWriter(new MatroskaOptions());
        for (int i = 0; i < seconds * 50; i++)
        {
            writer.OnAudio([0xFC, 0xFF, 0xFE], TimeSpan.FromMilliseconds(i * 20)); // a silent packet of 20 ms
        }

        writer.Finish();
        var output = new ArrayBufferWriter<byte>();
        writer.Take(output);
        return output.WrittenSpan.ToArray();
    }

    private async Task<Recording> LeftOpenAsync(byte[] content)
    {
        var row = new Recording { Id = Guid.NewGuid(), LessonId = Guid.NewGuid(), StreamId = "host-camera", FileName = "left.mkv", State = RecordingState.Writing };
        await File.WriteAllBytesAsync(Path.Combine(_folder.Recordings, row.FileName), content);
        await new RecordingCatalogue(_services.GetRequiredService<IServiceScopeFactory>()).AddAsync(row);
        return row;
    }

    private async Task KeepAsync(string ffmpeg, Predicate<Recording?> done)
    {
        var catalogue = new RecordingCatalogue(_services.GetRequiredService<IServiceScopeFactory>());
        var remuxer = new Remuxer(new RecordingsOptions { Ffmpeg = ffmpeg });
        using var keeper = new FileKeeper(catalogue, remuxer, _folder, NullLogger<FileKeeper>.Instance);
        await keeper.StartAsync(CancellationToken.None);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!done(await FindAsync(null)))
        {
            await tick.WaitForNextTickAsync(deadline.Token);
        }

        await keeper.StopAsync();
    }

    private async Task<Recording?> FindAsync(Guid? id)
    {
        await using AsyncServiceScope scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Recording>().AsNoTracking()
            .SingleOrDefaultAsync(r => id == null || r.Id == id);
    }
}
