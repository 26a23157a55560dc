using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Tests.Timetable;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

/// <summary>A school day of three lessons in virtual time, for devices with all the clocks that the field has: each joins every lesson that it can reach.</summary>
public sealed class ClockZooTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly DateTimeOffset[] Bells = [Morning.AddMinutes(40), Morning.AddMinutes(90), Morning.AddHours(6)];

    /// <summary>How the clock stands at the start of the agent, what happens to it, and when the hub is reached.</summary>
    private static readonly Dictionary<string, Action<Device>> Histories = new()
    {
        ["right all day"] = _ => { },
        ["no clock battery: 1970 until the network's time comes three minutes before the bell"] = d =>
        {
            d.Starts(TimeSpan.FromDays(-20515));
            d.At(Bells[0].AddMinutes(-3), d.Time.SetRight);
        },
        ["hardware clock in local time: eight hours ahead, hub away for the first seconds of the first lesson"] = d =>
        {
            d.Starts(TimeSpan.FromHours(8), at: Bells[0].AddMinutes(-4));
            d.HubAway(Bells[0].AddMinutes(-4), Bells[0].AddSeconds(20));
        },
        ["20 days ahead for 22 s in the middle of a lesson"] = d =>
        {
            d.At(Bells[1].AddMinutes(10), () => d.Time.Set(TimeSpan.FromDays(20)));
            d.At(Bells[1].AddMinutes(10).AddSeconds(22), d.Time.SetRight);
        },
        ["20 days ahead for 22 s right before a lesson, hub away meanwhile"] = d =>
        {
            d.HubAway(Bells[2].AddMinutes(-30), Bells[2].AddMinutes(-1));
            d.At(Bells[2].AddMinutes(-5), () => d.Time.Set(TimeSpan.FromDays(20)));
            d.At(Bells[2].AddMinutes(-5).AddSeconds(22), d.Time.SetRight);
        },
        ["wrong at the start and never set, hub there from the second minute on"] = d =>
        {
            d.Starts(TimeSpan.FromDays(-400));
            d.HubAway(Morning, Morning.AddMinutes(2));
        },
        ["an hour back in the first lesson, two forward in the break, hub away in the break"] = d =>
        {
            d.At(Bells[0].AddMinutes(5), () => d.Time.Set(TimeSpan.FromHours(-1)));
            d.HubAway(Bells[0].AddMinutes(41), Bells[1].AddMinutes(1));
            d.At(Bells[0].AddMinutes(45), () => d.Time.Set(TimeSpan.FromHours(2)));
        },
        ["a day ahead before the hub is first reached, set right within a lesson"] = d =>
        {
            d.Starts(TimeSpan.FromDays(1));
            d.HubAway(Morning, Bells[1].AddMinutes(3));
            d.At(Bells[1].AddMinutes(1), d.Time.SetRight);
        },
    };

    public static TheoryData<string> Names => [.. Histories.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void DeviceWithThisClock_JoinsEveryLessonThatItCanReach(string history)
    {
        var device = new Device();
        Histories[history](device);
        Assert.Equal(device.Reachable(), device.Day());
    }

    /// <summary>The device's deciding parts, and a hub that answers when it is there.</summary>
    private sealed class Device
    {
        private readonly List<(DateTimeOffset At, Action Do)> _events = [];
        private readonly HashSet<Guid> _joined = [];
        private readonly LessonAttendance _attendance = new(DeviceRole.Receiving, watches: true, publishes: () => true);
        private readonly HubClock _hub;
        private readonly DeviceClock _clock;
        private (DateTimeOffset From, DateTimeOffset To) _away;
        private DateTimeOffset _start = Morning;
        private bool _linked;

        public Device()
        {
            Time = new SettableTime(Morning);
            (_hub, _clock) = (new HubClock(Time), null!);
            _clock = new DeviceClock(_hub, Time);
        }

        public SettableTime Time { get; }

        private static DeviceTimetable Timetable => Lessons.Timetable(Bells[0]) with
        {
            Occurrences = [.. Bells.Select((bell, i) => Lessons.Timetable(bell).Occurrences[0] with { LessonId = Id(i), StartsAt = bell, EndsAt = bell.AddMinutes(40) })],
        };

        public void Starts(TimeSpan off, DateTimeOffset? at = null)
        {
            Time.Set(off);
            _start = at ?? Morning;
        }

        public void At(DateTimeOffset when, Action what) => _events.Add((when, what));

        public void HubAway(DateTimeOffset from, DateTimeOffset to) => _away = (from, to);

        /// <summary>Lessons of whose 40 minutes the hub and the device shared some.</summary>
        public IEnumerable<int> Reachable() => Enumerable.Range(0, Bells.Length).Where(i => Bells[i].AddMinutes(39) > _start && !(_away.From <= Bells[i] && Bells[i].AddMinutes(39) < _away.To));

        /// <returns>The lessons joined while they were live.</returns>
        public IEnumerable<int> Day()
        {
            Time.Pass(_start - Morning);
            _attendance.OnTimetable(Timetable, _hub.Now); // its copy on the disk
            for (int tick = 0; Time.True < Bells[^1].AddMinutes(50); tick++)
            {
                Time.Pass(Step);
                foreach (var due in _events.Where(e => e.At <= Time.True).ToArray())
                {
                    due.Do();
                    _events.Remove(due);
                }

                if (tick % 10 == 0)
                {
                    _clock.Watch();
                }

                Hub(tick);
                Take(_attendance.OnTime(_hub.Now));
            }

            return Enumerable.Range(0, Bells.Length).Where(i => _joined.Contains(Id(i)));
        }

        private static Guid Id(int lesson) => new(lesson + 1, 0, 0, new byte[8]);

        private void Hub(int tick)
        {
            bool there = Time.True < _away.From || Time.True >= _away.To;
            if (there != _linked)
            {
                _linked = there;
                Take(_attendance.OnLink(there, _hub.Now));
            }

            if (there && tick % 300 == 0)
            {
                _hub.OnSample(Time.True, TimeSpan.FromMilliseconds(40));
                Take(_attendance.OnTimetable(Timetable, _hub.Now));
            }

            if (there && _attendance is { Joined: true, Lesson: { } lesson })
            {
                Take(_attendance.OnSnapshot(Snapshot(lesson, tick), _hub.Now));
            }
        }

        private LessonSnapshot Snapshot(DeviceOccurrence lesson, int version) => Lessons.Snapshot(lesson.StartsAt, PhaseOf(lesson), version + 2) with { LessonId = lesson.LessonId };

        private LessonPhase PhaseOf(DeviceOccurrence lesson) =>
            Time.True >= lesson.EndsAt ? LessonPhase.Ended : Time.True >= lesson.StartsAt ? LessonPhase.Live : LessonPhase.Ready;

        private void Take(IReadOnlyList<AttendanceStep> steps)
        {
            foreach (AttendanceStep.Join join in steps.OfType<AttendanceStep.Join>())
            {
                DeviceOccurrence lesson = Timetable.Occurrences.Single(o => o.LessonId == join.LessonId);
                if (Time.True < lesson.StartsAt.AddMinutes(-10))
                {
                    _attendance.OnJoinRefused(LessonRefusal.NotNow, _hub.Now);
                    continue;
                }

                _attendance.OnJoined(new JoinedLesson(LessonAccess.Classroom, "r1", Snapshot(lesson, 0), []), _hub.Now);
            }

            if (_attendance is { Stage: AttendanceStage.Live, Lesson: { } live })
            {
                _joined.Add(live.LessonId);
            }
        }
    }
}
