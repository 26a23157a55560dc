namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What the driver has to do in the media plane.</summary>
internal abstract record LessonStep
{
    public sealed record OpenMedia : LessonStep;

    public sealed record CloseMedia : LessonStep;

    public sealed record GiveFloor(string? SeatId) : LessonStep;

    public sealed record Silence(string SeatId, bool Muted) : LessonStep;

    public sealed record Record(bool On) : LessonStep;

    /// <summary>What follows from a new fact.</summary>
    public static IReadOnlyList<LessonStep> After(LessonFact fact) => fact.Kind switch
    {
        LessonFactKind.Opened => [new OpenMedia()],
        LessonFactKind.Started => [new Record(true)],
        LessonFactKind.FloorGranted => [new GiveFloor(fact.SeatId)],
        LessonFactKind.FloorTaken => [new GiveFloor(null)],
        LessonFactKind.Muted => [new Silence(fact.SeatId!, true)],
        LessonFactKind.Unmuted => [new Silence(fact.SeatId!, false)],
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

        List<LessonStep> steps = [new OpenMedia(), new GiveFloor(state.Floor), .. state.Muted.Select(seat => new Silence(seat, true))];
        if (state.IsOn)
        {
            steps.Add(new Record(true));
        }

        return steps;
    }
}
