namespace ThreeClassrooms.Agent.Capture;

/// <summary>Why camera and microphone are open. There is no other reason.</summary>
internal enum CaptureReason
{
    /// <summary>A lesson of this room: from the moment the room opens to its end.</summary>
    Lesson,

    /// <summary>Somebody asked for a check.</summary>
    Check,

    /// <summary>Staff asked for one picture, with the school's agreement.</summary>
    Picture,
}
