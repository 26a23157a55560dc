namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Resource set of the lesson pages: board and record.</summary>
internal sealed class LessonsText;

/// <summary>Resource set of the live room and the observer's view; handed whole to their scripts.</summary>
internal sealed class LiveText;
