using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class DeviceHealthTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void ADeviceThatReports_IsHealthy()
    {
        HealthView view = new HealthScene().Birth().Live(3 * Minute).View;
        Assert.Equal(HealthState.Healthy, view.State);
        Assert.Equal("Health.Why.Healthy", view.Reason.Key);
        Assert.Empty(view.Issues);
    }

    [Theory]
    [InlineData(5, "Critical", "Critical")]
    [InlineData(120, "Degraded", "Warning")]
    [InlineData(900, "Unmonitored", "Information")]
    public void Offline_WeighsByTheTimetable(int minutesToBell, string state, string severity)
    {
        HealthScene scene = new HealthScene().Birth().Live(Minute).Will();
        scene.Context = scene.Context with { Times = HealthScene.LessonAt(scene.Now.AddMinutes(minutesToBell)) };
        HealthView view = scene.View;
        Assert.Equal(state, view.State.ToString());
        Assert.Equal(severity, Assert.Single(view.Issues).Severity.ToString());
        Assert.Equal("Issue.Offline.What", view.Reason.Key);
        Assert.Equal(scene.Now - new HealthOptions().LostGrace, view.Reason.Since);
        Assert.NotNull(view.Next);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("0.2.0", false)]
    [InlineData("0.1.9", false)]
    [InlineData("0.10.0", true)]
    public void AnEarlierVersionThanWanted_IsBehind_AndNobodyNeedHurry(string? wanted, bool behind)
    {
        HealthScene scene = new HealthScene().Birth().Parts().Live(Minute);
        scene.Context = scene.Context with { WantedVersion = wanted };
        HealthView view = scene.View;
        Assert.Equal(behind, view.Issues.Any(i => i is { Kind: IssueKind.VersionBehind, Severity: IssueSeverity.Information }));
        Assert.Equal(HealthState.Healthy, view.State);
    }

    [Fact]
    public void Shutdown_IsSaidAsSuch() =>
        Assert.Equal("Health.Why.SwitchedOff", new HealthScene().Birth().Live(Minute).Will("shutdown").View.Reason.Key);

    [Fact]
    public void ConnectedWithoutReports_IsNoHeartbeat_NotHealthy()
    {
        HealthScene scene = new HealthScene().Birth().Heartbeat();
        Assert.Equal(HealthState.Healthy, scene.Pass(TimeSpan.FromSeconds(149)).View.State);
        HealthView view = scene.Pass(TimeSpan.FromSeconds(2)).View;
        Assert.NotEqual(HealthState.Healthy, view.State);
        Assert.Equal(IssueKind.NoHeartbeat, Assert.Single(view.Issues).Kind);
        Assert.Equal(HealthScene.Morning, view.Issues[0].Since);
        Assert.Equal(HealthState.Healthy, scene.Heartbeat().View.State);
    }

    [Fact]
    public void NeverReported_IsOnboarding_ThenUnmonitored()
    {
        var scene = new HealthScene();
        scene.Context = scene.Context with { EnrolledAt = scene.Now };
        Assert.Equal(HealthState.Onboarding, scene.Pass(TimeSpan.FromHours(23)).View.State);
        Assert.Equal((HealthState.Unmonitored, "Health.Why.NeverReported"), StateOf(scene.Pass(TimeSpan.FromHours(2)).View));
        scene.Context = scene.Context with { Contact = scene.Now };
        Assert.Equal((HealthState.Unmonitored, "Health.Why.OnlyLessons"), StateOf(scene.View));
    }

    [Fact]
    public void DeviceThatMakesUpFaults_HasABoundedNumberOfIssues()
    {
        PartReport[] made = [.. Enumerable.Range(0, 60).Select(i => new PartReport(PartKind.Camera, $"camera{i}", "USB", PartStatus.Failed, FaultKind.RecordingFailed, null))];
        HealthScene scene = new HealthScene().Birth().Parts(made).Live(40 * Minute);
        Assert.InRange(scene.View.Issues.Count, 1, 32);
    }

    [Fact]
    public void TheHubsOwnBlindness_IsNobodysFault()
    {
        HealthScene scene = new HealthScene().Birth().Live(2 * Minute);
        scene.Context = scene.Context with { Sight = scene.Context.Sight.On(true, scene.Now), Times = HealthScene.LessonAt(scene.Now) };
        HealthView view = scene.Pass(10 * Minute).View;
        Assert.Equal((HealthState.Unmonitored, "Health.Why.Blind"), StateOf(view));
        Assert.Empty(view.Issues);
        scene.Context = scene.Context with { Sight = scene.Context.Sight.On(false, scene.Now) };
        Assert.Equal((HealthState.Unmonitored, "Health.Why.Looking"), StateOf(scene.Pass(Minute).View));
        Assert.Equal(HealthState.Healthy, scene.Heartbeat().View.State);
        Assert.Empty(scene.Health.TakeChanges());
    }

    [Fact]
    public void IssuesOutlastBlindness()
    {
        HealthScene scene = new HealthScene().Birth().Parts(HealthScene.Part(PartKind.Camera, PartStatus.Missing)).Live(Minute);
        scene.Context = scene.Context with { Sight = scene.Context.Sight.On(true, scene.Now) };
        Assert.Equal(IssueKind.CameraMissing, Assert.Single(scene.Pass(10 * Minute).View.Issues).Kind);
    }

    [Fact]
    public void MissingPart_IsRaisedAfterAWhile_AndClearedAfterALongerOne()
    {
        HealthScene scene = new HealthScene().Birth().Heartbeat().Parts(HealthScene.Part(PartKind.Camera, PartStatus.Missing));
        Assert.Equal(HealthState.Healthy, scene.View.State);
        HealthView view = scene.Pass(TimeSpan.FromSeconds(10)).View;
        Assert.Equal(HealthState.Degraded, view.State);
        Assert.Equal(("camera", IssueKind.CameraMissing), (view.Issues[0].Part, view.Issues[0].Kind));
        scene.Parts(HealthScene.Part(PartKind.Camera, PartStatus.Ok));
        Assert.True(scene.View.Issues[0].Recovering);
        Assert.Equal(HealthState.Healthy, scene.Pass(TimeSpan.FromSeconds(30)).View.State);
        Assert.Equal([true, false], scene.Health.TakeChanges().Select(c => c.Raised));
    }

    [Fact]
    public void PartDeclaredAbsent_IsNeverAnIssue()
    {
        var scene = new HealthScene();
        scene.Context = scene.Context with { AbsentParts = new HashSet<PartKind> { PartKind.Camera } };
        scene.Birth().Parts(HealthScene.Part(PartKind.Camera, PartStatus.Missing)).Fault(FaultKind.PictureBlack).Live(5 * Minute);
        Assert.Equal(HealthState.Healthy, scene.View.State);
        Assert.Empty(scene.Health.TakeChanges());
    }

    [Fact]
    public void DeclaringAPartAbsent_EndsItsIssue()
    {
        HealthScene scene = new HealthScene().Birth().Parts(HealthScene.Part(PartKind.Display, PartStatus.Missing)).Live(Minute);
        Assert.Single(scene.View.Issues);
        scene.Context = scene.Context with { AbsentParts = new HashSet<PartKind> { PartKind.Display } };
        Assert.Equal(HealthState.Healthy, scene.View.State);
        scene.Live(2 * Minute);
        Assert.Equal([true, false], scene.Health.TakeChanges().Select(c => c.Raised));
    }

    [Fact]
    public void HotProcessor_TakesThreeBadMinutesOfFive()
    {
        HealthScene scene = new HealthScene().Birth().Live(2 * Minute, r => r with { TemperatureCelsius = 92 });
        Assert.Empty(scene.View.Issues);
        scene.Live(3 * Minute, r => r with { TemperatureCelsius = 92 });
        Assert.Equal((IssueKind.ProcessorHot, 92), (scene.View.Issues[0].Kind, scene.View.Issues[0].Value!.Value));
        scene.Live(5 * Minute, r => r with { TemperatureCelsius = 82 });
        Assert.False(scene.View.Issues[0].Recovering); // below the limit, not yet well
        scene.Live(10 * Minute);
        Assert.Empty(scene.View.Issues);
    }

    [Fact]
    public void SilentMicrophone_CountsOnlyInALesson()
    {
        HealthScene scene = new HealthScene().Birth().Live(6 * Minute, r => r with { InputLevelDb = -80 });
        Assert.Empty(scene.View.Issues);
        scene.Context = scene.Context with { Times = HealthScene.LessonAt(scene.Now) };
        scene.Live(6 * Minute, r => r with { InputLevelDb = -80 });
        Assert.Equal((IssueKind.MicrophoneSilent, IssueSeverity.Critical), (scene.View.Issues[0].Kind, scene.View.Issues[0].Severity));
    }

    [Fact]
    public void NotInItsLesson_IsCritical_WhenTheBellWasTwoMinutesAgo()
    {
        HealthScene scene = new HealthScene().Birth().Live(Minute);
        scene.Context = scene.Context with { Times = HealthScene.LessonAt(scene.Now), MissesLessonSince = scene.Now };
        Assert.Equal(HealthState.Healthy, scene.Live(Minute).View.State);
        HealthView view = scene.Live(2 * Minute).View;
        Assert.Equal((HealthState.Critical, "Issue.NotInLesson.What"), StateOf(view));
    }

    [Fact]
    public void MaintenanceAndDisabled_GoBeforeAnyIssue()
    {
        HealthScene scene = new HealthScene().Birth().Live(Minute).Will();
        scene.Context = scene.Context with { Maintenance = new MaintenanceWindow(scene.Now, scene.Now.AddHours(2), "换摄像头") };
        Assert.Equal((HealthState.Maintenance, "换摄像头"), (scene.View.State, scene.View.Reason.Text));
        Assert.Equal(HealthState.Unmonitored, scene.Pass(TimeSpan.FromHours(2)).View.State);
        scene.Context = scene.Context with { DisabledAt = scene.Now };
        Assert.Equal(HealthState.Disabled, scene.View.State);
    }

    [Fact]
    public void ThreeStartsInAnHour_AreALoop_AndAReturningBootIsAClash()
    {
        HealthScene scene = new HealthScene().Birth(Guid.NewGuid()).Pass(10 * Minute).Birth(Guid.NewGuid()).Pass(10 * Minute).Birth(Guid.NewGuid());
        Assert.Equal((IssueKind.RebootLoop, 3), (scene.View.Issues[0].Kind, scene.View.Issues[0].Value!.Value));
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        scene = new HealthScene().Birth(one).Pass(Minute).Birth(other).Pass(Minute).Birth(one);
        Assert.Equal((IssueKind.IdentityClash, IssueSeverity.Critical), (scene.View.Issues[0].Kind, scene.View.Issues[0].Severity));
    }

    [Fact]
    public void HistoricalEvents_RaiseNothingLive()
    {
        HealthScene scene = new HealthScene().Birth().Fault(FaultKind.RecordingFailed, historical: true).Live(3 * Minute);
        Assert.Empty(scene.View.Issues);
        Assert.True(Assert.Single(scene.Health.TakeChanges()).Historical);
    }

    [Fact]
    public void PartsOfADeviceThatIsAway_AreNeitherRaisedNorCleared()
    {
        HealthScene scene = new HealthScene().Birth().Parts(HealthScene.Part(PartKind.Microphone, PartStatus.Failed)).Live(Minute).Will();
        HealthView view = scene.Pass(TimeSpan.FromHours(1)).View;
        Assert.Equal([IssueKind.Offline, IssueKind.MicrophoneMissing], view.Issues.Select(i => i.Kind).Order());
        Assert.Equal("Issue.Offline.What", view.Reason.Key);
    }

    [Fact]
    public void RetainedMessagesAfterAHubsRestart_MayComeInAnyOrder() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (seed, online) =>
        {
            Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
            var hardware = new HardwareReport(boot, 7, HealthScene.Morning, "0.2.0", "Debian 12", "N100", "N100", 4, 8L << 30, [HealthScene.Part(PartKind.Display, PartStatus.Missing)]);
            List<Action<HealthScene>> messages =
            [
                s => s.Health.OnState(HealthScene.State(online, boot, connection, HealthScene.Morning), retained: true, s.Now),
                s => s.Health.OnHardware(hardware),
                s => s.Health.OnReported(new ReportedConfiguration(3, [], null, null, 60, "0.2.0", [])),
                s => s.Health.OnMetrics(HealthScene.Readings(boot, 90, s.Now), s.Now),
            ];
            HealthView straight = After(messages);
            Action<HealthScene>[] shuffled = [.. messages];
            new Random(seed).Shuffle(shuffled);
            HealthView other = After(shuffled);
            Assert.Equal(straight.State, other.State);
            Assert.Equal(straight.Reason.Key, other.Reason.Key);
            Assert.Equal(straight.Issues, other.Issues);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void OldPassword_IsANote_UntilItIsChanged()
    {
        HealthScene scene = new HealthScene().Birth().Live(Minute);
        scene.Context = scene.Context with { PasswordSince = scene.Now.AddDays(-399) };
        Assert.Empty(scene.View.Issues);
        scene.Context = scene.Context with { PasswordSince = scene.Now.AddDays(-400) };
        CurrentIssue issue = Assert.Single(scene.View.Issues);
        Assert.Equal((IssueKind.PasswordOld, IssueSeverity.Information, 400.0), (issue.Kind, issue.Severity, issue.Value!.Value));
        Assert.Equal(HealthState.Healthy, scene.View.State);
        scene.Context = scene.Context with { PasswordSince = scene.Now };
        _ = scene.View;
        Assert.Empty(scene.View.Issues);
    }

    [Fact]
    public void AfterARestart_AnOpenIssueKeepsItsBegin()
    {
        var scene = new HealthScene();
        scene.Health.Restore(IssueKind.CameraMissing, "camera", scene.Now.AddHours(-5), null);
        scene.Birth().Parts(HealthScene.Part(PartKind.Camera, PartStatus.Missing)).Live(Minute);
        Assert.Equal(HealthScene.Morning.AddHours(-5), Assert.Single(scene.View.Issues).Since);
        Assert.Empty(scene.Health.TakeChanges());
    }

    private static HealthView After(IEnumerable<Action<HealthScene>> messages)
    {
        var scene = new HealthScene();
        foreach (Action<HealthScene> message in messages)
        {
            message(scene);
        }

        _ = scene.View;
        return scene.Pass(TimeSpan.FromSeconds(20)).View;
    }

    private static (HealthState, string) StateOf(HealthView view) => (view.State, view.Reason.Key);
}
