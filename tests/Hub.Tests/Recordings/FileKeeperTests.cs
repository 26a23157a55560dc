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

    [Fact]
    public async Task FileWithoutARow_GetsOne_OfWhatItsNameSays()
    {
        var (lesson, id) = (Guid.NewGuid(), Guid.CreateVersion7(new DateTimeOffset(2026, 9, 7, 1, 2, 3, TimeSpan.Zero)));
        string name = RecordingFiles.NameOf(lesson, id, "host-camera");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Recordings, name))!);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Recordings, name), Sound(seconds: 3));

        await KeepAsync("ffmpeg", r => r?.State == RecordingState.Indexed);

        Recording kept = (await FindAsync(id))!;
        Assert.Equal((lesson, "host-camera", new DateTimeOffset(2026, 9, 7, 1, 2, 3, TimeSpan.Zero)), (kept.LessonId, kept.StreamId, kept.StartedAt));
        Assert.InRange(kept.DurationMs, 2500, 3000);
    }

    [Fact]
    public async Task RowsOfFilesThatAreBeingWritten_AreLeftAlone()
    {
        Recording mine = await LeftOpenAsync(Sound(seconds: 3));
        using var keeper = new FileKeeper(Catalogue(), new Remuxer(new RecordingsOptions()), _folder, NullLogger<FileKeeper>.Instance);
        keeper.OnBegun(mine.Id);
        await keeper.StartAsync(CancellationToken.None);
        var closed = new Recording { Id = Guid.NewGuid(), LessonId = Guid.NewGuid(), StreamId = "r1-camera", FileName = "none.mkv", State = RecordingState.Closed };
        await Catalogue().AddAsync(closed);
        keeper.Index(closed); // is done after what was found at the start
        await UntilAsync(async () => await FindAsync(closed.Id) is null);

        await keeper.StopAsync();
        Assert.Equal(RecordingState.Writing, (await FindAsync(mine.Id))!.State);
    }

    [Fact]
    public async Task DatabaseThatIsLocked_IsAskedAgain_UntilTheNoteIsKept()
    {
        int refusals = 3;
        await using ServiceProvider services = new ServiceCollection()
            .AddScoped(_ => refusals-- > 0 ? throw new LockedException() : ((IDatabase)_database).Open()).BuildServiceProvider();
        var catalogue = new RecordingCatalogue(services.GetRequiredService<IServiceScopeFactory>(), NullLogger<RecordingCatalogue>.Instance, TimeProvider.System);
        var row = new Recording { Id = Guid.NewGuid(), LessonId = Guid.NewGuid(), StreamId = "host-camera", FileName = "a.mkv" };

        await catalogue.AddAsync(row);
        await catalogue.AddAsync(row); // as after an answer that was lost

        Assert.Equal("a.mkv", (await FindAsync(row.Id))!.FileName);
        Assert.Equal(-2, refusals);
    }

    private sealed class LockedException : System.Data.Common.DbException
    {
        public override string Message => "database is locked";
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
        await Catalogue().AddAsync(row);
        return row;
    }

    private async Task KeepAsync(string ffmpeg, Predicate<Recording?> done)
    {
        var catalogue = Catalogue();
        var remuxer = new Remuxer(new RecordingsOptions { Ffmpeg = ffmpeg });
        using var keeper = new FileKeeper(catalogue, remuxer, _folder, NullLogger<FileKeeper>.Instance);
        await keeper.StartAsync(CancellationToken.None);
        await UntilAsync(async () => done(await FindAsync(null)));
        await keeper.StopAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await tick.WaitForNextTickAsync(deadline.Token);
        }
    }

    private RecordingCatalogue Catalogue() =>
        new(_services.GetRequiredService<IServiceScopeFactory>(), NullLogger<RecordingCatalogue>.Instance, TimeProvider.System);

    private async Task<Recording?> FindAsync(Guid? id)
    {
        await using AsyncServiceScope scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Recording>().AsNoTracking()
            .SingleOrDefaultAsync(r => id == null || r.Id == id);
    }
}
