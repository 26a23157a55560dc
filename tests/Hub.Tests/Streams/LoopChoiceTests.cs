using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class LoopChoiceTests
{
    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(4, 0, 15)]
    [InlineData(4, 1, 16)] // the first has company enough: another one begins
    [InlineData(1, 0, 16)]
    [InlineData(4, 1, 16, 3)]
    [InlineData(2, 0, 16, 16)] // no more loops: the one with the fewest
    [InlineData(2, 1, 20, 19)]
    [InlineData(4, 0, 3, 20, 18)] // lessons have ended: what is left keeps company again
    public void LessonsKeepCompany_UntilALoopHasEnough(int most, int expected, params int[] lessons) =>
        Assert.Equal(expected, LoopChoice.Of(lessons, most));
}
