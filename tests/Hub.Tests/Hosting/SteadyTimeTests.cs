using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class SteadyTimeTests
{
    [Fact]
    public void MachinesClockIsSetWhileALessonIsOn_TimeGoesOnAsBefore_UntilTheLessonIsOver()
    {
        var machine = new SetClock();
        var time = new SteadyTime(machine);
        Guid lesson = Guid.NewGuid();
        DateTimeOffset start = time.GetUtcNow();
        time.OnLesson(lesson, true);
        machine.Wall += TimeSpan.FromHours(1);
        machine.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(start.AddMinutes(3), time.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(1), time.Jump);
        time.OnLesson(lesson, false);
        Assert.Equal(machine.Wall, time.GetUtcNow());
    }

    [Fact]
    public void NoLessonIsOn_TheMachinesClockHolds()
    {
        var machine = new SetClock();
        var time = new SteadyTime(machine);
        machine.Wall -= TimeSpan.FromHours(8);
        Assert.Equal((machine.Wall, TimeSpan.Zero), (time.GetUtcNow(), time.Jump));
    }

    private sealed class SetClock : TimeProvider
    {
        private long _stamp;

        public DateTimeOffset Wall { get; set; } = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Run(TimeSpan by)
        {
            _stamp += by.Ticks;
            Wall += by;
        }

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => _stamp;
    }
}
