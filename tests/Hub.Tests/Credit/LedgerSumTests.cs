using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit;

namespace ThreeClassrooms.Hub.Tests.Credit;

/// <summary>What the ledger's page counts.</summary>
public sealed class LedgerSumTests
{
    private static readonly DateTimeOffset Bell = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly Guid Teacher = Guid.NewGuid();

    [Fact]
    public void LessonTakenBack_IsNoLesson()
    {
        Guid lesson = Guid.NewGuid();
        LedgerRow credit = Row(lesson, 1.50m), reversal = Row(lesson, -1.50m, LedgerKind.Reversal, credit.Key.Id);

        LedgerSum sum = Assert.Single(LedgerQuery.Sum([credit, reversal, Row(Guid.NewGuid(), 1.50m)]));
        Assert.Equal((1, 1.50m), (sum.Lessons, sum.Hours));
    }

    [Fact]
    public void LessonJudgedValidAgain_IsOneLesson()
    {
        Guid lesson = Guid.NewGuid();
        LedgerRow credit = Row(lesson, 1.50m);

        LedgerSum sum = Assert.Single(LedgerQuery.Sum([credit, Row(lesson, -1.50m, LedgerKind.Reversal, credit.Key.Id), Row(lesson, 1.50m)]));
        Assert.Equal((1, 1.50m), (sum.Lessons, sum.Hours));
    }

    [Fact]
    public void ReversalFromBeforeEntriesWereNamed_TakesBackTheSamePersonsCredit_NotAColleagues()
    {
        Guid lesson = Guid.NewGuid();
        LedgerRow mine = Row(lesson, 1.50m), colleagues = Row(lesson, 1.00m) with { TeacherId = Guid.NewGuid() };
        colleagues = colleagues with { Key = colleagues.Key with { TeacherId = colleagues.TeacherId } };

        Assert.Equal([mine.Key.Id], LedgerKey.TakenBack([mine.Key, colleagues.Key, Row(lesson, -1.50m, LedgerKind.Reversal).Key]));
    }

    private static LedgerRow Row(Guid lesson, decimal hours, LedgerKind kind = LedgerKind.Credit, Guid? reverses = null) => new(
        new LedgerKey(Guid.NewGuid(), kind, reverses, lesson, Teacher, CreditRole.Lecturer, 1), Bell, lesson, Teacher, "王秀兰", "城关", Bell, "英语", "Unit 4",
        LessonMode.Dedicated, CreditRole.Lecturer, kind, kind == LedgerKind.Credit ? 1 : -1, 1.50m, hours, Bell, "[]");
}
