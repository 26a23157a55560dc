using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Commands;

/// <summary>Commands over a real broker: a device that answers, one that never came, a hub that loses its broker; and who may ask what.</summary>
public sealed class CommandDeskTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    private static readonly string[] AllRoles = [Roles.SystemAdmin, Roles.CountyStaff, Roles.CountyAdmin, Roles.Inspector, Roles.SchoolHead, Roles.Teacher];

    private readonly Guid _boot = Guid.NewGuid();

    [Fact]
    public async Task ACommand_GoesToItsDevice_AndItsAnswersComeBack_TwiceIsOnce()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await ConnectAsync(device);
        Guid id = await AskedAsync(device, CommandKind.SelfCheck);
        AgentCommand got = await GotAsync(link, device, id);
        Assert.Equal(CommandKind.SelfCheck, got.Kind);
        await IsAsync(id, c => c.State == CommandState.Sent);
        await AnswerAsync(link, device, id, CommandOutcome.Accepted);
        await IsAsync(id, c => c.State == CommandState.Acked);
        PartReport camera = new(PartKind.Camera, "camera", "USB", PartStatus.Missing, FaultKind.CameraMissing, null);
        PartReport disk = new(PartKind.Disk, "disk", "SSD", PartStatus.Ok, null, null);
        await AnswerAsync(link, device, id, CommandOutcome.Done, parts: [camera, disk]);
        await AnswerAsync(link, device, id, CommandOutcome.Done, parts: []);
        await AnswerAsync(link, device, id, CommandOutcome.Failed, "error");
        await IsAsync(id, c => c.State == CommandState.Done);
        await AnswerAsync(link, device, Guid.NewGuid(), CommandOutcome.Done); // of a command that nobody asked
        DeviceCommand done = await IsAsync(id, c => c.PartsSeen == 2);
        Assert.Equal([new PartFinding(PartKind.Camera, PartStatus.Missing)], PartFinding.Read(done.Findings));
        Assert.Equal([AuditAction.SentCommand], await TrailAsync(device));
    }

    [Fact]
    public async Task AnotherDevicesAnswer_DoesNotCount()
    {
        EnrolResponse device = await host.EnrolAsync(), other = await host.EnrolAsync();
        await using LinkScene link = await ConnectAsync(device), stranger = await ConnectAsync(other);
        Guid id = await AskedAsync(device, CommandKind.Identify), own = await AskedAsync(other, CommandKind.Identify);
        await GotAsync(link, device, id);
        await AnswerAsync(stranger, other, id, CommandOutcome.Done);
        await AnswerAsync(stranger, other, own, CommandOutcome.Done);
        await IsAsync(own, c => c.State == CommandState.Done);
        Assert.Equal(CommandState.Sent, (await ReadAsync(id)).State);
        await AnswerAsync(link, device, id, CommandOutcome.Failed, "inLesson");
        await IsAsync(id, c => c is { State: CommandState.Failed, Reason: "inLesson" });
    }

    [Fact]
    public async Task ADeviceThatIsNotThere_IsWaitedFor_AndGetsItWhenItComes()
    {
        EnrolResponse device = await host.EnrolAsync();
        Guid id = await AskedAsync(device, CommandKind.Identify);
        Result<Guid, CommandRefusal> twice = await AskAsync(device, CommandKind.Identify);
        Assert.Equal(CommandRefusal.AlreadyOpen, twice.Refusal);
        Assert.Equal(CommandState.Queued, (await ReadAsync(id)).State);
        await using LinkScene link = await ConnectAsync(device);
        await SayOnlineAsync(link, device, Guid.NewGuid());
        await GotAsync(link, device, id);
    }

    [Fact]
    public async Task WhatNobodyTook_IsTakenBack_AndWhatIsSentIsNot()
    {
        EnrolResponse device = await host.EnrolAsync();
        Guid id = await AskedAsync(device, CommandKind.RestartAgent);
        Assert.Null(await CancelAsync(device, id));
        Assert.Equal(CommandState.Cancelled, (await ReadAsync(id)).State);
        await using LinkScene link = await ConnectAsync(device);
        Guid second = await AskedAsync(device, CommandKind.RestartAgent);
        await IsAsync(second, c => c.State == CommandState.Sent);
        Assert.Equal(CommandRefusal.TooLate, await CancelAsync(device, second));
        Assert.Equal([AuditAction.SentCommand, AuditAction.CancelledCommand, AuditAction.SentCommand], await TrailAsync(device));
        Assert.DoesNotContain(link.Messages, m => m.Topic == FleetTopics.Command(device.DeviceId) && Read(m).Id == id);
    }

    [Fact]
    public async Task ARestart_IsDoneByTheNextBirth_OfAnAgentStartedAnew()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await ConnectAsync(device);
        Guid before = Guid.NewGuid();
        await SayOnlineAsync(link, device, before);
        Guid id = await AskedAsync(device, CommandKind.RestartAgent);
        await GotAsync(link, device, id);
        await AnswerAsync(link, device, id, CommandOutcome.Accepted);
        DeviceCommand acked = await IsAsync(id, c => c.State == CommandState.Acked);
        Assert.Equal(before, acked.AgentBefore);
        await SayOnlineAsync(link, device, before);
        await SayOnlineAsync(link, device, Guid.NewGuid());
        await IsAsync(id, c => c.State == CommandState.Done);
    }

    [Fact]
    public async Task WhatIsNeverAnswered_ExpiresWithAReason_AndAnotherCanBeAsked()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await ConnectAsync(device);
        Guid id = await AskedAsync(device, CommandKind.SelfCheck);
        await IsAsync(id, c => c.State == CommandState.Sent);
        host.Time.Advance(TimeSpan.FromMinutes(2));
        await IsAsync(id, c => c is { State: CommandState.Expired, Reason: CommandReasons.NoAnswer });
        await AskedAsync(device, CommandKind.SelfCheck);
    }

    [Fact]
    public async Task ALesson_AsksForASecondConfirmation_OfWhatWouldDisturbIt()
    {
        EnrolResponse device = await host.EnrolAsync();
        var scene = new DeviceScene(host);
        Guid room = (await scene.DeviceAsync(device.DeviceId)).ClassroomId;
        await scene.LessonAsync(await scene.RoomAsync(), room, TimeSpan.FromMinutes(14));
        Assert.Equal(CommandRefusal.InLesson, (await AskAsync(device, CommandKind.RestartAgent)).Refusal);
        Assert.Equal(CommandRefusal.InLesson, (await AskAsync(device, CommandKind.SetMute, 1)).Refusal);
        Assert.True((await AskAsync(device, CommandKind.SelfCheck)).IsOk);
        Assert.True((await AskAsync(device, CommandKind.RestartAgent, despiteLesson: true)).IsOk);
    }

    [Fact]
    public async Task NobodyOpensAMicrophoneFromAfar_AndOtherKindsAndValuesAreNotSent()
    {
        EnrolResponse device = await host.EnrolAsync();
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(device, CommandKind.SetMute, 0)).Refusal);
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(device, CommandKind.SetMute)).Refusal);
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(device, CommandKind.SelfCheck, 1)).Refusal);
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(device, (CommandKind)99)).Refusal);
        await new DeviceScene(host).DisableAsync(device.DeviceId);
        Assert.Equal(CommandRefusal.DeviceDisabled, (await AskAsync(device, CommandKind.SelfCheck)).Refusal);
    }

    [Fact]
    public async Task ManyTogether_ThoseThatCannotBeAskedAreCounted()
    {
        EnrolResponse[] devices = [await host.EnrolAsync(), await host.EnrolAsync(), await host.EnrolAsync()];
        await AskedAsync(devices[0], CommandKind.SelfCheck);
        Result<TogetherAsked, CommandRefusal> asked = await WithDeskAsync(desk => desk.AskTogetherAsync(
            [.. devices.Select(d => d.DeviceId), "agt-nobody"], CommandKind.SelfCheck, false, Person(Roles.CountyStaff, null), CancellationToken.None));
        Assert.Equal((2, 1), (asked.Value.Asked, asked.Value.LeftOut[CommandRefusal.AlreadyOpen]));
        Result<TogetherAsked, CommandRefusal> mute = await WithDeskAsync(desk => desk.AskTogetherAsync(
            [devices[1].DeviceId], CommandKind.SetMute, false, Person(Roles.CountyStaff, null), CancellationToken.None));
        Assert.Equal(CommandRefusal.NotOffered, mute.Refusal);
    }

    [Fact]
    public async Task WhoMayAskWhat_ByRoleAndSchool()
    {
        EnrolResponse device = await host.EnrolAsync();
        Guid school = await host.WithAsync<HubDbContext, Guid>(db => db.Set<Device>().Where(d => d.Id == device.DeviceId).Select(d => d.Classroom.SchoolId).SingleAsync());
        List<string> wrong = [];
        foreach (string role in AllRoles)
        {
            foreach (Guid? own in new Guid?[] { school, Guid.NewGuid(), null })
            {
                foreach (CommandKind kind in CommandRules.Offered)
                {
                    bool everything = role == Roles.CountyStaff || (role == Roles.SystemAdmin && kind != CommandKind.Snapshot);
                    bool harmless = role == Roles.SchoolHead && own == school && (kind is CommandKind.SelfCheck or CommandKind.Identify);
                    Result<Guid, CommandRefusal> asked = await WithDeskAsync(desk => desk.AskAsync(
                        device.DeviceId, kind, new CommandWish(kind is CommandKind.SetMute or CommandKind.SetVolume ? 1 : null), false, Person(role, own), CancellationToken.None));
                    bool taken = asked.IsOk || asked.Refusal is CommandRefusal.AlreadyOpen or CommandRefusal.NotAgreed;
                    if (taken != (everything || harmless))
                    {
                        wrong.Add($"{role} {(own == school ? "own" : "other")} {kind}: {asked.Refusal}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task TheDatabaseRefuses_ASecondOpenCommandOfAKind()
    {
        EnrolResponse device = await host.EnrolAsync();
        await AskedAsync(device, CommandKind.Identify);
        await Assert.ThrowsAsync<DbUpdateException>(() => host.WithAsync<HubDbContext, int>(db =>
        {
            db.Add(new DeviceCommand
            {
                Id = Guid.NewGuid(),
                DeviceId = device.DeviceId,
                Kind = CommandKind.Identify,
                AskedAt = host.Time.Now,
                ExpiresAt = host.Time.Now.AddMinutes(1),
                ResultBy = host.Time.Now.AddMinutes(2),
            });
            return db.SaveChangesAsync();
        }));
    }

    private static Caller Person(string role, Guid? school) => new(Guid.NewGuid(), "someone", "", school, new HashSet<string> { role });

    private static AgentCommand Read(MqttMessage message) => JsonSerializer.Deserialize<AgentCommand>(message.Payload.Span, DeviceJson.Options)!;

    private static async Task<AgentCommand> GotAsync(LinkScene link, EnrolResponse device, Guid id) =>
        Read(await link.HearsAsync(m => m.Topic == FleetTopics.Command(device.DeviceId) && Read(m).Id == id));

    private async Task<LinkScene> ConnectAsync(EnrolResponse device)
    {
        LinkScene link = await LinkScene.UpAsync(host.As(device));
        await link.SubscribesAsync(FleetTopics.Command(device.DeviceId));
        return link;
    }

    /// <summary>Returns when the hub has heard it.</summary>
    private async Task SayOnlineAsync(LinkScene link, EnrolResponse device, Guid start)
    {
        var state = new AgentState(true, null, _boot, Guid.NewGuid(), host.Time.Now, "0.2.0", start);
        await PublishAsync(link, FleetTopics.State(device.DeviceId), state);
        FleetDevices devices = host.Services.GetRequiredService<FleetDevices>();
        await Until.TrueAsync(() => devices.LastStateOf(device.DeviceId)?.Connection == state.Connection, () => "the hub to hear the state");
    }

    private Task AnswerAsync(LinkScene link, EnrolResponse device, Guid id, CommandOutcome outcome, string? detail = null, IReadOnlyList<PartReport>? parts = null) =>
        PublishAsync(link, FleetTopics.Up(device.DeviceId, UpKind.Result), new CommandResult(id, outcome, host.Time.Now, detail, parts));

    private static async Task PublishAsync<T>(LinkScene link, string topic, T payload) => Assert.True(
        (await link.Link.PublishAsync(
            new MqttMessage(topic, JsonSerializer.SerializeToUtf8Bytes(payload, DeviceJson.Options), MqttQos.AtLeastOnce), CancellationToken.None)).IsOk);

    private async Task<T> WithDeskAsync<T>(Func<CommandDesk, Task<T>> use)
    {
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<CommandDesk>());
    }

    private Task<Result<Guid, CommandRefusal>> AskAsync(EnrolResponse device, CommandKind kind, int? value = null, bool despiteLesson = false) =>
        WithDeskAsync(desk => desk.AskAsync(device.DeviceId, kind, new CommandWish(value), despiteLesson, Person(Roles.CountyStaff, null), CancellationToken.None));

    private async Task<Guid> AskedAsync(EnrolResponse device, CommandKind kind) => (await AskAsync(device, kind)).Value;

    private Task<CommandRefusal?> CancelAsync(EnrolResponse device, Guid id) =>
        WithDeskAsync(desk => desk.CancelAsync(device.DeviceId, id, Person(Roles.CountyStaff, null), CancellationToken.None));

    private Task<DeviceCommand> ReadAsync(Guid id) =>
        host.WithAsync<HubDbContext, DeviceCommand>(db => db.Set<DeviceCommand>().AsNoTracking().SingleAsync(c => c.Id == id));

    private async Task<DeviceCommand> IsAsync(Guid id, Func<DeviceCommand, bool> wanted)
    {
        DeviceCommand last = await ReadAsync(id);
        for (DateTime until = DateTime.UtcNow.AddSeconds(20); !wanted(last) && DateTime.UtcNow < until; last = await ReadAsync(id))
        {
            await Task.Delay(20);
        }

        Assert.True(wanted(last), $"{last.State} {last.Reason}");
        return last;
    }

    private Task<List<AuditAction>> TrailAsync(EnrolResponse device) => host.WithAsync<HubDbContext, List<AuditAction>>(db => db.Set<AuditEntry>()
        .Where(e => e.Subject == device.DeviceId && e.Detail != null && (e.Action == AuditAction.SentCommand || e.Action == AuditAction.CancelledCommand))
        .OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());
}
