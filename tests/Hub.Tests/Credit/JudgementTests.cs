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
        Assert.Contains(verdict.Reasons, r => r.Code == "hostGap" && r.Arguments[2] == "00:08:00");
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
        Verdict verdict = Judge(Lesson([]) with { CancelReason = "暴雪停课", CancelledAt = At("08:20"), StartedAt = null, EndedAt = null });

        Assert.Equal(JudgementStatus.Cancelled, verdict.Status);
        Assert.Empty(verdict.Lines);
        Assert.Equal(new Reason("cancelled", "暴雪停课"), Assert.Single(verdict.Reasons));
    }

    [Theory]
    [InlineData("08:59", JudgementStatus.Cancelled)]
    [InlineData("09:39", JudgementStatus.Missed)]
    public void CancelledAfterNobodyCame_IsMissed(string cancelledAt, object status)
    {
        Verdict verdict = Judge(Lesson([]) with { CancelReason = "有事", CancelledAt = At(cancelledAt), StartedAt = null, EndedAt = null });

        Assert.Equal((JudgementStatus)status, verdict.Status);
        Assert.Equal((JudgementStatus)status == JudgementStatus.Missed, verdict.Reasons.Any(r => r.Code == "cancelledLate"));
    }

    [Fact]
    public void CancelledLate_ButTheHubWasDown_IsForAPersonToDecide()
    {
        Verdict verdict = Judge(Lesson([]) with
        {
            CancelReason = "平台打不开",
            CancelledAt = At("09:39"),
            StartedAt = null,
            EndedAt = null,
            Outages = [new(At("08:50"), At("09:30"))],
        });

        Assert.Equal((JudgementStatus.Undetermined, true), (verdict.Status, verdict.NeedsDecision));
    }

    [Fact]
    public void TaughtLesson_CancelledMeanwhile_IsJudgedByWhatWasTaught()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]) with { CancelReason = "取消", CancelledAt = At("08:59:30") });

        Assert.Equal((JudgementStatus.Valid, 1.50m), (verdict.Status, HoursOf(verdict, Lecturer)));
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

    [Theory]
    [InlineData(DisjointRooms.Together, JudgementStatus.Valid, "rule.disjointRooms.together")]
    [InlineData(DisjointRooms.OneRoom, JudgementStatus.Invalid, "rule.disjointRooms.oneRoom")]
    public void TwoRoomsTwentyFiveMinutesEach_AsTheCountyChose(object rule, object status, string sentence)
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:50"), A("09:00", "09:25"), B("09:25", "09:50")]) with { EndsAt = At("09:50"), EndedAt = At("09:50") };
        Verdict verdict = Judge(lesson, Policy() with { DisjointRooms = (DisjointRooms)rule });

        Assert.Equal((JudgementStatus)status, verdict.Status);
        Assert.DoesNotContain(verdict.Receivers, r => r.Valid);
        Assert.Contains(verdict.Reasons, r => r.Code == sentence);
    }

    [Theory]
    [InlineData(RoomWithoutQuorum.Nothing, "0.00", "rule.roomWithoutQuorum.nothing")]
    [InlineData(RoomWithoutQuorum.Assistant, "1.00", "rule.roomWithoutQuorum.assistant")]
    public void QuorumFailed_ButARoomSawAll_AsTheCountyChose(object rule, string hours, string sentence)
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]), Policy() with { Quorum = 2, RoomWithoutQuorum = (RoomWithoutQuorum)rule });

        Assert.Equal((JudgementStatus.Invalid, 0m), (verdict.Status, HoursOf(verdict, Lecturer)));
        Assert.Equal(decimal.Parse(hours, System.Globalization.CultureInfo.InvariantCulture), HoursOf(verdict, AssistantA));
        Assert.Contains(verdict.Reasons, r => r.Code == sentence);
    }

    [Fact]
    public void ClassroomThatSawBlack_OverrulesTheHubThatSentPackets()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40"), Claim("r1", At("09:00"), At("09:40"), seen: false, heard: false)]);

        Verdict verdict = Judge(lesson);

        Assert.Equal(JudgementStatus.Invalid, verdict.Status);
        Assert.Equal(TimeSpan.FromMinutes(40), verdict.ByHub);
        Assert.Contains(verdict.Reasons, r => r.Code == "observersDiffer");
    }

    [Fact]
    public void BlackFor55SecondsOfEveryMinute_IsNotRefilledByBridging()
    {
        List<Observation> evidence = [Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40")];
        for (int minute = 0; minute < 40; minute++)
        {
            DateTimeOffset at = At("09:00").AddMinutes(minute);
            evidence.Add(Claim("r1", at, at.AddSeconds(55), seen: false, heard: false));
            evidence.Add(Claim("r1", at.AddSeconds(55), at.AddMinutes(1)));
        }

        Verdict verdict = Judge(Lesson(evidence));

        Assert.Equal((JudgementStatus.Invalid, new TimeSpan(0, 3, 20)), (verdict.Status, verdict.Effective));
    }

    [Fact]
    public void HostSeenTwoSecondsOfEveryMinute_IsNoLesson()
    {
        List<Observation> evidence = [.. Sent("r1", "09:00", "09:40")];
        for (int minute = 0; minute < 40; minute++)
        {
            evidence.Add(Published(At("09:00").AddMinutes(minute), At("09:00").AddMinutes(minute).AddSeconds(2)));
        }

        Verdict verdict = Judge(Lesson(evidence));

        Assert.Equal((JudgementStatus.Invalid, TimeSpan.FromSeconds(80)), (verdict.Status, verdict.Effective));
    }

    [Fact]
    public void HostsOwnIntervalMissing_ButTheHubServedAndTheRoomDecoded_ProvesTheHost()
    {
        Verdict verdict = Judge(Lesson([.. Sent("r1", "09:00", "09:40"), .. Reports("r1", "09:00", "09:40")]));

        Assert.Equal((JudgementStatus.Valid, TimeSpan.FromMinutes(40), 1.50m), (verdict.Status, verdict.Effective, HoursOf(verdict, Lecturer)));
    }

    [Fact]
    public void ReceptionThatTheHubNeverServed_IsAContradiction_ForAPersonToDecide()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), .. Reports("r1", "09:00", "09:40")]));

        Assert.Equal((JudgementStatus.Undetermined, true, 0m), (verdict.Status, verdict.NeedsDecision, verdict.Hours));
        Assert.Contains(verdict.Reasons, r => r is { Code: "claimUnserved", Arguments: ["A 教室", "00:40:00"] });
        Assert.Contains(verdict.Reasons, r => r.Code == "needsDecision");
    }

    [Fact]
    public void ClaimOfOneRoom_DoesNotHoldUpTheLecturer_ButItsOwnHours()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40"), .. Reports("r2", "09:00", "09:40")]));

        Assert.Equal((JudgementStatus.Valid, true), (verdict.Status, verdict.NeedsDecision));
        Assert.Equal((1.50m, 1.00m, 0m), (HoursOf(verdict, Lecturer), HoursOf(verdict, AssistantA), HoursOf(verdict, AssistantB)));
        Assert.True(verdict.Receivers.Single(r => r.SeatId == "r2").InDoubt);
        Assert.Contains(verdict.Reasons, r => r is { Code: "receiverInDoubt", Arguments: ["B 教室"] });
    }

    [Fact]
    public void LaterClaimOfTheSameDeviceAndTime_NeverImprovesAnEarlierOne()
    {
        Observation[] honest = [Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40"), Claim("r1", At("09:00"), At("09:40"), seen: false, heard: false)];
        Observation[] better = [.. honest, Claim("r1", At("09:00"), At("09:40"))];

        Assert.Equal(TimeSpan.Zero, Judge(Lesson(better)).Effective);
        Assert.Equal(TimeSpan.Zero, Judge(Lesson([.. better.Reverse()])).Effective);
        Assert.Equal(TimeSpan.FromMinutes(40), Judge(Lesson([.. better[..^1], Claim("r1", At("09:00"), At("09:40")) with { Device = "another" }])).Effective);
    }

    [Fact]
    public void DecisionOfAPerson_Decides_AndNamesWhoAndWhy()
    {
        JudgedLesson lesson = Lesson([]) with { StartedAt = null, EndedAt = null, Outages = [new(At("08:50"), At("09:45"))] };
        Verdict open = Judge(lesson), decided = Judge(lesson with { Decision = new JudgedDecision(JudgementStatus.Valid, ["r2"], "已核对录像", "李县长", At("11:00")) });

        Assert.Equal((JudgementStatus.Undetermined, true), (open.Status, open.NeedsDecision));
        Assert.Contains(open.Reasons, r => r is { Code: "hubOutage", Arguments: [_, _, "00:40:00"] });
        Assert.Equal((JudgementStatus.Valid, false), (decided.Status, decided.NeedsDecision));
        Assert.Equal((1.50m, 0m, 1.00m), (HoursOf(decided, Lecturer), HoursOf(decided, AssistantA), HoursOf(decided, AssistantB)));
        Assert.Contains(decided.Reasons, r => r is { Code: "decided", Arguments: ["李县长", _, "已核对录像"] });
    }

    [Fact]
    public void OutageInTheMiddle_ThatWouldMakeTheDifference_IsForAPersonToDecide()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:15"), Host("09:30", "09:40"), A("09:00", "09:15"), A("09:30", "09:40")]);

        Assert.Equal(JudgementStatus.Invalid, Judge(lesson).Status);
        Assert.Equal(JudgementStatus.Undetermined, Judge(lesson with { Outages = [new(At("09:15"), At("09:30"))] }).Status);
        Assert.Equal(JudgementStatus.Invalid, Judge(lesson with { Outages = [new(At("09:15"), At("09:19"))] }).Status);
    }

    [Theory]
    [InlineData("09:29:58", JudgementStatus.Valid)]
    [InlineData("09:29:57", JudgementStatus.Invalid)]
    public void TwoSecondsShort_IsShownAsItIs_AndTheStatedToleranceDecides(string until, object status)
    {
        Verdict verdict = Judge(Lesson([Host("09:00", until), A("09:00", "09:40")]));

        Assert.Equal((JudgementStatus)status, verdict.Status);
        Assert.Equal($"00:{until[3..]}", verdict.Reasons[0].Arguments[0]);
        Assert.Equal((JudgementStatus)status == JudgementStatus.Valid, verdict.Reasons.Any(r => r.Code == "rule.samplingTolerance"));
    }

    [Theory]
    [InlineData(CountsRule.SeenOrHeard, JudgementStatus.Valid, 40)]
    [InlineData(CountsRule.SeenAndHeard, JudgementStatus.Invalid, 4)]
    [InlineData(CountsRule.Seen, JudgementStatus.Invalid, 4)]
    [InlineData(CountsRule.Heard, JudgementStatus.Valid, 40)]
    public void FrozenPictureWithGoodSound_CountsAsTheCountyChose_AndIsNamed(object rule, object status, int minutes)
    {
        JudgedLesson lesson = Lesson(
            [Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40"), Claim("r1", At("09:00"), At("09:04")), Claim("r1", At("09:04"), At("09:40"), seen: false)]);
        Verdict verdict = Judge(lesson, Policy() with { Counts = (CountsRule)rule });

        Assert.Equal(((JudgementStatus)status, TimeSpan.FromMinutes(minutes)), (verdict.Status, verdict.Effective));
        ReceiverVerdict room = verdict.Receivers.Single(r => r.SeatId == "r1");
        Assert.Equal((TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(40)), (room.Seen, room.Heard));
        Assert.Contains(verdict.Reasons, r => r is { Code: "receiverNoPicture", Arguments: ["A 教室", "00:36:00"] });
        Assert.Contains(verdict.Reasons, r => r.Code == PolicyRules.Of((CountsRule)rule).Code);
    }

    [Fact]
    public void MoreThanHalfLost_CountsOnlyWhereTheRoomSaysSo_AndIsNoContradiction()
    {
        Observation[] poor = [Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40").Select(e => e with { Good = false })];

        Assert.Equal(TimeSpan.Zero, Judge(Lesson(poor)).Effective);
        Verdict verdict = Judge(Lesson([.. poor, .. Reports("r1", "09:00", "09:40")]));
        Assert.Equal((JudgementStatus.Valid, false), (verdict.Status, verdict.NeedsDecision));
    }

    [Fact]
    public void OneAssistantForTwoRooms_OrLecturerAsAssistant_IsCreditedOnce()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:40"), A("09:00", "09:40"), B("09:00", "09:40")]);
        Verdict same = Judge(lesson with { Receivers = [new("r1", "A 教室", AssistantA), new("r2", "B 教室", AssistantA)] });
        Verdict own = Judge(lesson with { Receivers = [new("r1", "A 教室", Lecturer), new("r2", "B 教室", AssistantB)] });

        Assert.Equal([Lecturer, AssistantA], same.Lines.Select(l => l.TeacherId));
        Assert.Equal([Lecturer, AssistantB], own.Lines.Select(l => l.TeacherId));
        Assert.Equal(1.50m, HoursOf(own, Lecturer));
    }

    [Fact]
    public void AssistantWhoHoldsHoursOfAnotherLessonAtTheTime_EarnsNoneHere()
    {
        Verdict verdict = Judge(Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]) with { CreditedElsewhere = new Dictionary<Guid, string> { [AssistantA] = "数学 分数" } });

        CreditLine line = verdict.Lines.Single(l => l.TeacherId == AssistantA);
        Assert.Equal((0m, new Reason("elsewhere", "数学 分数")), (line.Hours, Assert.Single(line.Reasons)));
    }

    [Fact]
    public void RenamedRoom_SaysTheSame()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:40"), A("09:00", "09:40")]);
        Verdict before = Judge(lesson), renamed = Judge(lesson with { Receivers = [new("r1", "新 教室", AssistantA), new("r2", "B 教室", AssistantB)] });
        Verdict other = Judge(lesson with { EndedAt = At("09:39") });

        Assert.True(before.SaysAs(renamed));
        Assert.False(before.SaysAs(other));
    }

    [Fact]
    public void ReportMissing_IsAwaited_ThenJudgedWithoutIt()
    {
        JudgedLesson lesson = Lesson([Host("09:00", "09:40")]); // ended at 09:41

        Verdict early = Judgement.Judge(lesson, Policy(), At("09:40:59").AddHours(72));
        Verdict late = Judgement.Judge(lesson, Policy(), At("09:41").AddHours(72));

        Assert.Equal(JudgementStatus.Undetermined, early.Status);
        Assert.Contains(early.Reasons, r => r.Code == "awaiting" && r.Arguments[1] == Reason.Instant(EvidenceWindow.ClosesAt(lesson, Policy())));
        Assert.False(early.NeedsDecision);
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
        JudgedLesson lesson = Lesson([Host("09:00", "09:40"), .. Sent("r1", "09:00", "09:40"), .. Reports("r1", "09:00:01", "09:40")]);

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

    /// <summary>What the hub writes of the lecturer's stream.</summary>
    private static Observation Host(string from, string to) => Published(At(from), At(to));

    private static Observation Published(DateTimeOffset from, DateTimeOffset to) => new("host", EvidenceSource.Hub, EvidenceKind.Publishing, from, to);

    /// <summary>A room to which the hub forwarded the lecturer all the time, as the hub writes it; its own reports are in.</summary>
    private static Observation A(string from, string to) => Room("r1", from, to);

    private static Observation B(string from, string to) => Room("r2", from, to);

    private static Observation Room(string seat, string from, string to) =>
        new(seat, EvidenceSource.Hub, EvidenceKind.Receiving, At(from), At(to)) { Stream = StreamIds.HostCamera };

    /// <summary>What the hub writes of what it forwards: pieces of a few seconds.</summary>
    private static IEnumerable<Observation> Sent(string seat, string from, string to)
    {
        for (DateTimeOffset at = At(from); at < At(to); at = at.AddSeconds(3))
        {
            yield return new(seat, EvidenceSource.Hub, EvidenceKind.Receiving, at, at.AddSeconds(3) < At(to) ? at.AddSeconds(3) : At(to)) { Stream = StreamIds.HostCamera };
        }
    }

    /// <summary>What a room's device writes: a report of every five seconds, times a few milliseconds off.</summary>
    private static IEnumerable<Observation> Reports(string seat, string from, string to)
    {
        int number = 0;
        for (DateTimeOffset at = At(from); at < At(to); at = at.AddSeconds(5))
        {
            DateTimeOffset until = at.AddSeconds(5) < At(to) ? at.AddSeconds(5) : At(to);
            yield return Claim(seat, at.AddMilliseconds(number % 2 * 4), until.AddMilliseconds(until == At(to) ? 0 : number++ % 3));
        }
    }

    private static Observation Claim(string seat, DateTimeOffset from, DateTimeOffset to, bool seen = true, bool heard = true) =>
        new(seat, EvidenceSource.Agent, EvidenceKind.Receiving, from, to, seen || heard) { Seen = seen, Heard = heard, Device = $"agt-{seat}", Stream = StreamIds.HostCamera };
}
