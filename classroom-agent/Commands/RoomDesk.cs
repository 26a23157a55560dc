using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>Does what the room's own people ask, by telephone or by a key, and says how the room stands. Thread-safe.</summary>
/// <param name="captured">Camera and microphone are open.</param>
/// <param name="volume">Null: nothing plays here.</param>
/// <param name="call">Tells the staff that the room asks for help, or no longer does.</param>
internal sealed class RoomDesk(LessonLoop lesson, Func<bool> captured, Func<VolumeChange, CancellationToken, Task<bool>>? volume, Action<bool> call, Func<DateTimeOffset> hubNow)
{
    private const int Step = 5;

    private volatile bool _called;

    public async Task<RoomState> AnswerAsync(RoomAsk ask, CancellationToken stop)
    {
        bool done = ask.Action switch
        {
            RoomAction.Look => true,
            RoomAction.RaiseHand => await lesson.RaiseHandAsync(true, stop),
            RoomAction.LowerHand => await lesson.RaiseHandAsync(false, stop),
            RoomAction.OpenMicrophone => await lesson.SetMutedAsync(false, stop),
            RoomAction.CloseMicrophone => await lesson.SetMutedAsync(true, stop),
            RoomAction.SetVolume => volume is not null && ask.Value is >= 0 and <= 100 and var percent && await volume(VolumeChange.To(percent), stop),
            RoomAction.ReportFault => Call(true),
            RoomAction.FaultGone => Call(false),
            _ => false,
        };
        return Of(done, await lesson.StandAsync(stop));
    }

    public async Task PressAsync(RoomKey key, CancellationToken stop)
    {
        switch (key)
        {
            case RoomKey.Hand: await lesson.RaiseHandAsync(!(await lesson.StandAsync(stop)).HandRaised, stop); break;
            case RoomKey.Microphone: await lesson.PressMicrophoneAsync(stop); break;
            case RoomKey.Louder when volume is not null: await volume(VolumeChange.By(Step), stop); break;
            case RoomKey.Quieter when volume is not null: await volume(VolumeChange.By(-Step), stop); break;
        }
    }

    private bool Call(bool raised)
    {
        _called = raised;
        call(raised);
        return true;
    }

    private RoomState Of(bool done, RoomStanding standing)
    {
        DeviceTimetable? timetable = lesson.Timetable;
        DeviceOccurrence? near = standing.Lesson ?? timetable?.Occurrences.Where(o => o.StartsAt > hubNow() && o.Phase != LessonPhase.Cancelled).MinBy(o => o.StartsAt);
        return new RoomState(
            done, timetable?.School ?? "", timetable?.Classroom ?? "",
            standing.Lesson is { } now ? now.Topic.Length > 0 ? $"{now.Subject} {now.Topic}" : now.Subject : null,
            near?.StartsAt, standing.Live, standing.Joined, standing.HandRaised, standing.Floor, standing.MicrophoneOpen, standing.Heard, captured(), volume is not null, _called);
    }
}
