namespace ThreeClassrooms.Hub.Schools;

/// <summary>Resource set of the pages about schools, rooms and their devices.</summary>
internal sealed class SchoolsText;
