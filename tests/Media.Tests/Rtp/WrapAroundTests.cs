using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class WrapAroundTests
{
    [Fact]
    public void SequenceDistance_IsAntisymmetric_AndUndoneByAddition() => Prop.ForAll<ushort, ushort>((a, b) =>
    {
        var (x, y) = (new SeqNo(a), new SeqNo(b));
        int d = x.DistanceFrom(y);
        return y + d == x && (d == short.MinValue || y.DistanceFrom(x) == -d) && x.Next.Previous == x;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TimestampDistance_IsUndoneByAddition() => Prop.ForAll<uint, uint>((a, b) =>
        new RtpTime(b) + new RtpTime(a).DistanceFrom(new RtpTime(b)) == new RtpTime(a)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(65535, 0, 1)]
    [InlineData(0, 65535, -1)]
    [InlineData(10, 32777, 32767)]
    public void DistanceAcrossTheWrap(int from, int to, int expected) =>
        Assert.Equal(expected, new SeqNo((ushort)to).DistanceFrom(new SeqNo((ushort)from)));

    [Fact]
    public void Unwrapper_FollowsAnyWalk_OfStepsUnderHalfTheRange() => Prop.ForAll<ushort, short[]>((first, steps) =>
    {
        var unwrapper = new SequenceUnwrapper();
        long truth = unwrapper.Unwrap(new SeqNo(first)), highest = truth;
        foreach (short step in steps.Select(s => (short)(s / 2)))
        {
            long next = highest + step;
            if (next < 1)
            {
                continue;
            }

            if (unwrapper.Unwrap(new SeqNo((ushort)next)) != next)
            {
                return false;
            }

            highest = Math.Max(highest, next);
        }

        return unwrapper.Highest == highest;
    }).QuickCheckThrowOnFailure();
}
