using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Tests.Credit;

/// <summary>Bells are longer in some schools; a period stays a period.</summary>
public sealed class StandardPeriodTests
{
    private static readonly StandardPeriods Periods = new() { Primary = TimeSpan.FromMinutes(40), Junior = TimeSpan.FromMinutes(45) };

    [Theory]
    [InlineData(false, 40, 1.00)]
    [InlineData(false, 45, 1.00)]
    [InlineData(false, 30, 0.75)]
    [InlineData(false, 80, 2.00)]
    [InlineData(false, 90, 2.00)]
    [InlineData(false, 60, 1.50)]
    [InlineData(true, 45, 1.00)]
    [InlineData(true, 40, 0.88)]
    public void PlannedTime_InPeriods(bool junior, int minutes, decimal units)
    {
        Stage stage = junior ? Stage.Junior : Stage.Primary;
        TimeSpan planned = TimeSpan.FromMinutes(minutes);
        TimeSpan period = Periods.Within(stage, planned);
        Assert.True(period >= Periods.Of(stage));
        Assert.Equal(units, decimal.Round((decimal)planned.Ticks / period.Ticks, 2, MidpointRounding.ToZero));
    }

    [Theory]
    [InlineData(LongLessonRule.NearestPeriod, 59, 1.00)]
    [InlineData(LongLessonRule.NearestPeriod, 60, 1.50)]
    [InlineData(LongLessonRule.WholePeriods, 59, 1.00)]
    [InlineData(LongLessonRule.WholePeriods, 60, 1.00)]
    [InlineData(LongLessonRule.WholePeriods, 80, 2.00)]
    [InlineData(LongLessonRule.Proportional, 59, 1.47)]
    [InlineData(LongLessonRule.Proportional, 60, 1.50)]
    public void LongerThanAPeriod_AsTheCountyChose(object rule, int minutes, decimal units)
    {
        TimeSpan planned = TimeSpan.FromMinutes(minutes), period = Periods.Within(Stage.Primary, planned, (LongLessonRule)rule);
        Assert.Equal(units, decimal.Round((decimal)planned.Ticks / period.Ticks, 2, MidpointRounding.ToZero));
    }
}
