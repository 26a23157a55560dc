using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;

namespace ThreeClassrooms.Hub.Tests.Credit;

/// <summary>The county rules' worked examples, to the hundredth, and what must hold for any lesson.</summary>
public sealed class JudgementTests
{
    private static readonly Guid Lecturer = Guid.Parse("00000000-0000-0000-0000-0000000000aa");
    private static readonly Guid AssistantA = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid AssistantB = Guid.Parse("00000000-0000-0000-0000-00000000000b");

    [Fact]
    public void Example1_WholeLesson_HostOneAndAHalf_AssistantOne()
    {
        Verdict verdict = Judge(Lesson([Host("08:59", "09:41"), A("09:00", "09:40")]));

        Assert.Equal(JudgementStatus.Valid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(40), verdict.Effective);
        Assert.Equal(1.50m, HoursOf(verdict, Lecturer));
        Assert.Equal(1.00m, HoursOf(verdict, AssistantA));
        Assert.Equal(0m, HoursOf(verdict, AssistantB));
    }

    [Fact]
    public void Example2_OneRoomLate_LessonCounts_ThatRoomDoesNot()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:12", "09:40"), B("09:00", "09:40")]));

        Assert.Equal(JudgementStatus.Valid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(40), verdict.Effective);
        Assert.Equal(1.50m, HoursOf(verdict, Lecturer));
        Assert.Equal(0m, HoursOf(verdict, AssistantA));
        Assert.Equal(1.00m, HoursOf(verdict, AssistantB));
        Assert.Equal(TimeSpan.FromMinutes(28), verdict.Receivers.Single(r => r.SeatId == "r1").Effective);
        Assert.False(verdict.Receivers.Single(r => r.SeatId == "r1").Valid);
        Assert.Contains(verdict.Reasons, r => r.Code == "receiverShort" && r.Arguments[0] == "A 教室");
    }

    [Fact]
    public void Example3_HostAwayForEightMinutes_StillValid_IncidentNamed()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:10"), Host("09:18", "09:40"), A("09:00", "09:40")]));

        Assert.Equal(JudgementStatus.Valid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(32), verdict.Effective);
        Assert.Equal(1.50m, HoursOf(verdict, Lecturer));
        Assert.Contains(verdict.Reasons, r => r.Code == "hostGap" && r.Arguments[2] == "8");
    }

    [Theory]
    [InlineData(PartialRule.None, JudgementStatus.Invalid, "0.00")]
    [InlineData(PartialRule.ProRata, JudgementStatus.Partial, "1.10")] // 33/45 = 0.73 课时 × 1.5, half up
    public void Example4_JuniorLessonJustShort_AsTheCountyChose(object rule, object status, string hours)
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:33"), A("09:00", "09:45")]) with { EndsAt = At("09:45"), EndedAt = At("09:45"), StandardPeriod = TimeSpan.FromMinutes(45) };

        Verdict verdict = Judge(lesson, Policy() with { Partial = (PartialRule)rule, PartialFrom = 0.5m });

        Assert.Equal((JudgementStatus)status, verdict.Status);
        Assert.Equal(decimal.Parse(hours, System.Globalization.CultureInfo.InvariantCulture), HoursOf(verdict, Lecturer));
    }

    [Fact]
    public void Example5_Cancelled_IsForCause_AndEarnsNothing()
    {
        Verdict verdict = Judge(Lesson([]) with { CancelReason = "暴雪停课", StartedAt = null, EndedAt = null });

        Assert.Equal(JudgementStatus.Cancelled, verdict.Status);
        Assert.Empty(verdict.Lines);
        Assert.Equal(new Reason("cancelled", "暴雪停课"), Assert.Single(verdict.Reasons));
    }

    [Theory]
    [InlineData("09:10", JudgementStatus.Undetermined)]
    [InlineData("09:40", JudgementStatus.Missed)]
    public void Example5_NeverStarted_IsMissedOnceItIsOver(string now, object status)
    {
        Verdict verdict = Judgement.Judge(Lesson([]) with { StartedAt = null, EndedAt = null }, Policy(), At(now));

        Assert.Equal((JudgementStatus)status, verdict.Status);
        Assert.Empty(verdict.Lines);
    }

    [Fact]
    public void GapShorterThanTheBridge_IsBridged_OneAsLongIsNot()
    {
        JudgedLesson almost = Lesson([Host("09:00:00", "09:10:00"), Host("09:10:59", "09:40"), A("09:00", "09:40")]);
        JudgedLesson exactly = Lesson([Host("09:00:00", "09:10:00"), Host("09:11:00", "09:40"), A("09:00", "09:40")]);

        Assert.Equal(TimeSpan.FromMinutes(40), Judge(almost).Effective);
        Assert.Equal(TimeSpan.FromMinutes(39), Judge(exactly).Effective);
    }

    [Fact]
    public void StreamsBeforeTheStartAndAfterTheEnd_AreNotTeaching()
    {
        JudgedLesson lesson = Lesson([Host("08:55", "09:45"), A("08:55", "09:45")]) with { StartedAt = At("09:07"), EndedAt = At("09:38") };

        Assert.Equal(TimeSpan.FromMinutes(31), Judge(lesson).Effective);
    }

    [Fact]
    public void TwoRoomsHalfALessonEach_TogetherMakeALesson_ButNeitherRoomCounts()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:20"), B("09:20", "09:40")]));

        Assert.Equal(JudgementStatus.Valid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(40), verdict.Effective);
        Assert.DoesNotContain(verdict.Receivers, r => r.Valid);
    }

    [Fact]
    public void ClassroomThatSawBlack_OverrulesTheHubThatSentPackets()
    {
        JudgedLesson lesson = Lesson(
        [
            Host("09:00", "09:40"), new("host", EvidenceSource.Hub, EvidenceKind.Publishing, At("09:00"), At("09:40")),
            new("r1", EvidenceSource.Hub, EvidenceKind.Receiving, At("09:00"), At("09:40")),
            new("r1", EvidenceSource.Agent, EvidenceKind.Receiving, At("09:00"), At("09:40"), Good: false),
        ]);

        Verdict verdict = Judge(lesson);

        Assert.Equal(JudgementStatus.Invalid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(40), verdict.ByHub);
        Assert.Contains(verdict.Reasons, r => r.Code == "observersDiffer");
    }

    [Fact]
    public void ReportMissing_IsAwaited_ThenJudgedWithoutIt()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:40")]);

        Verdict early = Judgement.Judge(lesson, Policy(), At("10:00"));
        Verdict late = Judgement.Judge(lesson, Policy(), At("10:00").AddHours(72));

        Assert.Equal(JudgementStatus.Undetermined, early.Status);
        Assert.Contains(early.Reasons, r => r.Code == "awaiting");
        Assert.Equal(JudgementStatus.Invalid, late.Status);
    }

    [Fact]
    public void NetworkedLesson_EarnsTheSchoolPoints_NoHours()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]) with { Mode = LessonMode.Networked });

        Assert.Equal(JudgementStatus.Valid, verdict.Status);
        Assert.Equal(0m, HoursOf(verdict, Lecturer));
        Assert.Contains(verdict.Lines.SelectMany(l => l.Reasons), r => r.Code == "schoolPoints");
    }

    [Fact]
    public void LessonFiledAfterItsStart_IsNotPlanned_AndEarnsNothing()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]) with { FiledAt = At("09:01") });

        Assert.Equal(0m, verdict.Hours);
        Assert.Contains(verdict.Lines.SelectMany(l => l.Reasons), r => r.Code == "filedLate");
    }

    [Fact]
    public void LecturerInBrowser_IsWitnessedByTheReceivers()
    {
        JudgedLesson lesson = Lesson(
        [
            new("host", EvidenceSource.Hub, EvidenceKind.Publishing, At("09:00"), At("09:40")),
            new("r1", EvidenceSource.Hub, EvidenceKind.Receiving, At("09:00"), At("09:40")),
            new("r1", EvidenceSource.Agent, EvidenceKind.Receiving, At("09:00:01"), At("09:40")),
        ]);

        Verdict verdict = Judge(lesson);

        Assert.Equal(TimeSpan.FromMinutes(40), verdict.ByHub);
        Assert.Equal(new TimeSpan(0, 39, 59), verdict.ByAgents);
    }

    internal static CreditPolicy Policy() => new()
    {
        Version = "test-1",
        Name = "test",
        StandardPeriod = new StandardPeriods { Primary = TimeSpan.FromMinutes(40), Junior = TimeSpan.FromMinutes(45) },
        Ratios = new Dictionary<LessonMode, RoleRatios>
        {
            [LessonMode.Dedicated] = new() { Lecturer = 1.50m, Assistant = 1.00m },
            [LessonMode.MasterTeacher] = new() { Lecturer = 1.50m, Assistant = 1.00m },
            [LessonMode.Networked] = new() { Lecturer = 0m, Assistant = 0m },
        },
        ValidMinimum = TimeSpan.FromMinutes(30),
        ValidShareOfPeriod = 0.75m,
        Partial = PartialRule.None,
        PartialFrom = 0.5m,
        Bridge = TimeSpan.FromSeconds(60),
        Margin = TimeSpan.FromMinutes(5),
        Quorum = 1,
        StartGrace = TimeSpan.FromMinutes(10),
        LateEvidenceWindow = TimeSpan.FromHours(72),
    };

    internal static DateTimeOffset At(string time) => new(DateOnly.Parse("2026-11-23", System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);

    internal static JudgedLesson Lesson(IReadOnlyList<Observation> evidence) => new()
    {
        Mode = LessonMode.Dedicated,
        StartsAt = At("09:00"),
        EndsAt = At("09:40"),
        StandardPeriod = TimeSpan.FromMinutes(40),
        FiledAt = At("08:00"),
        LecturerId = Lecturer,
        Receivers = [new("r1", "A 教室", AssistantA), new("r2", "B 教室", AssistantB)],
        Evidence = evidence,
        StartedAt = At("08:59"),
        EndedAt = At("09:41"),
    };

    private static Verdict Judge(JudgedLesson lesson, CreditPolicy? policy = null) =>
        Judgement.Judge(lesson, policy ?? Policy(), At("09:45").AddHours(73));

    private static decimal HoursOf(Verdict verdict, Guid teacher) => verdict.Lines.Where(l => l.TeacherId == teacher).Sum(l => l.Hours);

    private static Observation Host(string from, string to) => new("host", EvidenceSource.Agent, EvidenceKind.Publishing, At(from), At(to));

    private static Observation A(string from, string to) => new("r1", EvidenceSource.Agent, EvidenceKind.Receiving, At(from), At(to));

    private static Observation B(string from, string to) => new("r2", EvidenceSource.Agent, EvidenceKind.Receiving, At(from), At(to));
}
