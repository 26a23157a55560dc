namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Why the timetable was not changed.</summary>
internal enum TimetableRefusal
{
    /// <summary>The end is not after the start, the lesson is longer than 4 h, or it is over already.</summary>
    BadTimes,

    /// <summary>Subject or topic is empty or too long.</summary>
    BadText,

    UnknownClassroom,
    UnknownTeacher,

    /// <summary>No such class, or it belongs to another school than the room it was named for.</summary>
    UnknownClass,

    /// <summary>A lesson has one host and 1 to 8 receiving classrooms, each once.</summary>
    BadSeats,

    /// <summary>One person is named twice in the lesson: as lecturer and assistant, or as assistant of two rooms.</summary>
    PersonTwice,

    ClassroomTaken,
    LecturerTaken,
    AssistantTaken,
    ClassTaken,
    UnknownLesson,

    /// <summary>It is over, or was cancelled before.</summary>
    TooLate,

    /// <summary>A cancellation needs a reason of 2 to 500 characters.</summary>
    ReasonMissing,

    /// <summary>Others held the database for too long; nothing was stored, the same again will do.</summary>
    Busy,

    /// <summary>The database refused for another reason than a double booking; the log has it.</summary>
    NotStored,
}
