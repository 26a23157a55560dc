namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What the driver has to do in the media plane.</summary>
internal abstract record LessonStep
{
    public sealed record OpenMedia : LessonStep;

    public sealed record CloseMedia : LessonStep;

    public sealed record GiveFloor(string? SeatId) : LessonStep;

    public sealed record Silence(string SeatId, bool Muted) : LessonStep;

    public sealed record Record(bool On) : LessonStep;

    /// <summary>Nobody sees or hears anybody, and nothing is recorded, while a stop may be taken back.</summary>
    public sealed record Pause(bool On) : LessonStep;

    /// <summary>What follows from a new fact.</summary>
    /// <param name="after">The state after it.</param>
    public static IReadOnlyList<LessonStep> After(LessonFact fact, LessonState after) => fact.Kind switch
    {
        LessonFactKind.Opened => [new OpenMedia()],
        LessonFactKind.Started => [new Record(true)],
        LessonFactKind.FloorGranted => [new GiveFloor(fact.SeatId)],
        LessonFactKind.FloorTaken => [new GiveFloor(null)],
        LessonFactKind.Muted or LessonFactKind.Unmuted => [new Silence(fact.SeatId!, after.IsMuted(fact.SeatId!))],
        LessonFactKind.Stopped => [new GiveFloor(null), new Record(false), new Pause(true)],
        LessonFactKind.StopTakenBack => [new Pause(false), new Record(true)],
        LessonFactKind.Ended => [new Record(false), new CloseMedia()],
        LessonFactKind.Cancelled or LessonFactKind.Missed => [new CloseMedia()],
        _ => [],
    };

    /// <summary>What a hub that has just come back has to do to go on with an open lesson.</summary>
    public static IReadOnlyList<LessonStep> ToResume(LessonState state)
    {
        if (!state.IsOpen)
        {
            return [];
        }

        List<LessonStep> steps = [new OpenMedia(), new GiveFloor(state.Floor), .. state.Muted.Union(state.MutedAtDevice).Select(seat => new Silence(seat, true))];
        if (state.IsTeaching)
        {
            steps.Add(new Record(true));
        }
        else if (state.IsOn)
        {
            steps.Add(new Pause(true));
        }

        return steps;
    }
}
