namespace ThreeClassrooms.Hub.Timetable;

/// <summary>What is wrong with a plan, or asks for a second look. Those from <see cref="OddHour"/> on do not forbid the lesson.</summary>
internal enum PlanFault
{
    SubjectMissing,

    /// <summary>Over 40 characters.</summary>
    SubjectTooLong,

    TopicMissing,

    /// <summary>Over 120 characters.</summary>
    TopicTooLong,

    DayMissing,
    StartMissing,
    MinutesMissing,

    /// <summary>The lesson would be over already.</summary>
    Past,

    /// <summary>More than a year ahead.</summary>
    TooFar,

    /// <summary>Under 5 minutes.</summary>
    TooShort,

    /// <summary>Over 240 minutes.</summary>
    TooLong,

    AcrossMidnight,

    /// <summary>Not among those that the planner plans for.</summary>
    LecturerUnknown,

    /// <summary>Not among those that the planner may use.</summary>
    HostRoomUnknown,

    /// <summary>The room is another school's than the lecturer's: its camera would publish without that school's knowing.</summary>
    HostRoomElsewhere,

    NoReceiver,
    TooManyReceivers,

    /// <summary>Not among those that the planner may use.</summary>
    ReceiverUnknown,

    /// <summary>The class is not of the room's school.</summary>
    ClassElsewhere,

    /// <summary>The assistant is not of the room's school.</summary>
    AssistantElsewhere,

    /// <summary>The lecturer is named as an assistant too.</summary>
    LecturerAssists,

    /// <summary>One assistant is named for two rooms.</summary>
    AssistantTwice,

    /// <summary>Warning: outside 07:00–21:30.</summary>
    OddHour,

    /// <summary>Warning: too short to become valid under the policy.</summary>
    BelowMinimum,

    /// <summary>Warning to the county: lecturer and room are of two schools.</summary>
    HostRoomForeign,

    /// <summary>Warning to the county: the schools are not paired.</summary>
    NotPaired,

    /// <summary>Warning: the lecturer's school has no class of this stage.</summary>
    LecturerStage,

    /// <summary>Warning: the class that listens is of the other stage.</summary>
    ClassStage,

    /// <summary>Warning: no class was named and the school has none of this stage.</summary>
    SchoolStage,
}

/// <summary>Where on the form a finding belongs.</summary>
internal enum PlanField
{
    Subject,
    Topic,
    Day,
    Starts,
    Minutes,
    Lecturer,
    Room,
    Receivers,
}

/// <param name="About">What the sentence names: a room, a person, a class, a figure.</param>
internal sealed record PlanFinding(PlanFault Fault, PlanField Field, params object[] About)
{
    public bool IsWarning => Fault >= PlanFault.OddHour;
}
