using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

/// <summary>A lesson with a host and the receiving seats r1 and r2.</summary>
internal static class Lessons
{
    public static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");

    public static DeviceTimetable Timetable(DateTimeOffset bell, string seat = "r1") => new(
        "device-1", seat == "host" ? DeviceRole.Main : DeviceRole.Receiving, "三年级一班", "红柳沟教学点", "Asia/Shanghai", bell, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2),
        [
            new DeviceOccurrence(
                Id, seat, seat == "host" ? SeatRole.Host : SeatRole.Receiving, LessonMode.Dedicated, "英语", "Unit 3", "李老师", "城关小学", "录播教室", bell,
                bell.AddMinutes(40), false, LessonPhase.Planned),
        ]);

    public static JoinedLesson Joined(string seat, LessonSnapshot snapshot) => new(LessonAccess.Classroom, seat, snapshot, []);

    public static StreamState Camera(string seat, StreamSource source = StreamSource.Device) => new($"{seat}-camera", StreamKind.Camera, source, "H264", true);

    public static StreamState Screen(string seat) => new($"{seat}-screen", StreamKind.Screen, StreamSource.Browser, "VP8", false);

    public static LessonSnapshot Snapshot(
        DateTimeOffset bell, LessonPhase phase, long version = 1, string? floor = null, StreamState[]? host = null, StreamState[]? r1 = null, StreamState[]? r2 = null, bool muted = true) => new(
        Id, version, phase, LessonMode.Dedicated, "英语", "Unit 3", "李老师", bell, bell.AddMinutes(40), null, bell, floor, false, false,
        [
            Seat("host", SeatRole.Host, host ?? [], false), Seat("r1", SeatRole.Receiving, r1 ?? [], muted), Seat("r2", SeatRole.Receiving, r2 ?? [], true),
        ]);

    public static SeatState Seat(string id, SeatRole role, StreamState[] streams, bool muted) =>
        new(id, role, "教室", "学校", true, null, null, muted, null, null, null, streams);
}
