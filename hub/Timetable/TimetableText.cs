namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Resource set of the timetable's pages.</summary>
internal sealed class TimetableText;
