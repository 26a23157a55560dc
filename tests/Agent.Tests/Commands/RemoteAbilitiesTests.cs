using System.IO.Compression;
using System.Text;
using ThreeClassrooms.Agent.Commands;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Tests.Joining;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Commands;

public sealed class RemoteAbilitiesTests
{
    private readonly List<(string Path, int Bytes, string Type)> _handed = [];
    private readonly List<string> _tools = [];
    private int _stills;

    [Fact]
    public async Task AStill_GoesToTheCommandsOwnPlace_WhateverPathTheCommandNames()
    {
        AgentCommand command = Command(CommandKind.Snapshot) with { UploadPath = "/api/elsewhere" };
        Assert.Equal(CommandOutcome.Done, (await AnswerAsync(Abilities(), command)).Outcome);
        Assert.Equal([($"/api/device/commands/{command.Id}/file", 3, "image/jpeg")], _handed);
    }

    [Fact]
    public async Task NoStillIsTaken_InALesson_OrWhereTheRoomForbidsIt()
    {
        Assert.Equal("inLesson", (await AnswerAsync(Abilities() with { InLesson = () => true }, Command(CommandKind.Snapshot))).Detail);
        Assert.Equal("notAgreed", (await AnswerAsync(Abilities() with { PicturesAllowed = false }, Command(CommandKind.Snapshot))).Detail);
        Assert.Equal(0, _stills);
        Assert.Equal("noPicture", (await AnswerAsync(Abilities() with { Still = _ => Task.FromResult<byte[]?>(null) }, Command(CommandKind.Snapshot))).Detail);
        Assert.Equal("notHandedIn", (await AnswerAsync(Abilities() with { HandIn = (_, _, _, _) => Task.FromResult(false) }, Command(CommandKind.Snapshot))).Detail);
        Assert.DoesNotContain((Abilities() with { Still = null }).Actions(), a => a.Key == CommandKind.Snapshot);
    }

    [Fact]
    public void WithoutATimetable_AndAroundALesson_PupilsMayBeThere()
    {
        DateTimeOffset bell = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);
        DeviceTimetable timetable = Lessons.Timetable(bell);
        Assert.True(RoomTime.MayBeInLesson(null, bell));
        Assert.False(RoomTime.MayBeInLesson(timetable, bell.AddMinutes(-16)));
        Assert.True(RoomTime.MayBeInLesson(timetable, bell.AddMinutes(-15)));
        Assert.True(RoomTime.MayBeInLesson(timetable, bell.AddMinutes(54)));
        Assert.False(RoomTime.MayBeInLesson(timetable, bell.AddMinutes(55)));
        DeviceTimetable stopped = timetable with { Occurrences = [timetable.Occurrences[0] with { Phase = LessonPhase.Ended }] };
        Assert.True(RoomTime.MayBeInLesson(stopped, bell.AddMinutes(30)));
        Assert.True(RoomTime.MayBeInLesson(stopped, bell.AddMinutes(54)));
        Assert.False(RoomTime.MayBeInLesson(stopped, bell.AddMinutes(55)));
        DeviceTimetable overrun = timetable with { Occurrences = [timetable.Occurrences[0] with { Phase = LessonPhase.Live }] };
        Assert.True(RoomTime.MayBeInLesson(overrun, bell.AddMinutes(70)));
    }

    [Fact]
    public async Task Volume_WithinItsBounds_ByTheSoundSystemThatCarriesTheLessons()
    {
        Assert.Equal(CommandOutcome.Done, (await AnswerAsync(Abilities(), Command(CommandKind.SetVolume, 40))).Outcome);
        Assert.Equal(["pactl set-sink-volume @DEFAULT_SINK@ 40%", "amixer -q sset Master 40%"], _tools);
        foreach (int? value in new int?[] { null, -1, 101 })
        {
            Assert.Equal("value", (await AnswerAsync(Abilities(), Command(CommandKind.SetVolume, value))).Detail);
        }

        _tools.Clear();
        Assert.False(await Tools().SetVolumeAsync("pulse", 10, default));
        Assert.True(await Tools().SetVolumeAsync("alsa/hdmi", 10, default));
        Assert.Equal(["pactl set-sink-volume @DEFAULT_SINK@ 10%", "amixer -q sset Master 10%"], _tools);
    }

    [Fact]
    public async Task AReboot_OnlyWherePermitted_AndTheAnswerIsTheMachinesReturn()
    {
        Assert.Equal("notPermitted", (await AnswerAsync(Abilities() with { Reboot = null }, Command(CommandKind.Reboot))).Detail);
        Assert.Equal("notPermitted", (await AnswerAsync(Abilities() with { Reboot = _ => Task.FromResult(false) }, Command(CommandKind.Reboot))).Detail);
        Assert.Same(CommandAnswer.Going, await AnswerAsync(Abilities(), Command(CommandKind.Reboot)));
        Assert.Equal(["amixer now"], _tools);
    }

    [Fact]
    public async Task RecordingIsPausedAndResumed_OnlyWhereThereIsOne()
    {
        Assert.Equal("noRecording", (await AnswerAsync(Abilities(), Command(CommandKind.StopRecording))).Detail);
        Assert.Equal("noRecording", (await AnswerAsync(Abilities(), Command(CommandKind.StartRecording))).Detail);
    }

    [Fact]
    public void TheLogsEnd_IsPackedInOrder_AndNeverMoreThanTheHubTakes()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(LogBundle.Pack(Path.Combine(folder.Path, "none")));
        File.WriteAllText(Path.Combine(folder.Path, "agent-20260906.log"), "yesterday\n");
        File.WriteAllText(Path.Combine(folder.Path, "agent-20260907.log"), "today\n");
        Assert.Equal("yesterday\ntoday\n", Encoding.UTF8.GetString(Unpack(LogBundle.Pack(folder.Path)!)));

        byte[] noise = new byte[5 << 20];
        new Random(3).NextBytes(noise);
        File.WriteAllBytes(Path.Combine(folder.Path, "agent-20260908.log"), noise);
        byte[] packed = LogBundle.Pack(folder.Path)!;
        Assert.InRange(packed.Length, 1, LogBundle.Most);
        Assert.True(noise.AsSpan().EndsWith(Unpack(packed)));
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new MemoryStream();
        gzip.CopyTo(text);
        return text.ToArray();
    }

    private static AgentCommand Command(CommandKind kind, int? value = null) => new(Guid.NewGuid(), kind, DateTimeOffset.UnixEpoch, value);

    private static Task<CommandAnswer> AnswerAsync(RemoteAbilities abilities, AgentCommand command) =>
        abilities.Actions().Single(a => a.Key == command.Kind).Value(command, default);

    /// <summary>A machine with ALSA only.</summary>
    private MachineTools Tools() => new((program, arguments, _) =>
    {
        _tools.Add($"{program} {string.Join(' ', arguments)}");
        return Task.FromResult(program == "amixer");
    });

    private RemoteAbilities Abilities() => new(
        _ =>
        {
            _stills++;
            return Task.FromResult<byte[]?>([0xff, 0xd8, 0xff]);
        },
        PicturesAllowed: true, () => false, () => [0x1f, 0x8b],
        (path, bytes, type, _) =>
        {
            _handed.Add((path, bytes.Length, type));
            return Task.FromResult(true);
        },
        (percent, stop) => Tools().SetVolumeAsync("auto", percent, stop), null, stop => Tools().RebootAsync("amixer now", stop));
}
