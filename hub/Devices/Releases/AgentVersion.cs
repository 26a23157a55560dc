using System.Globalization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A version as numbers, to be put in order: 1.9.0 before 1.10.0, 1.4.0-rc2 before 1.4.0.</summary>
internal readonly record struct AgentVersion(int Major, int Minor, int Patch, string Word) : IComparable<AgentVersion>
{
    /// <summary>Longer is no version; foreign text must fit where versions are kept.</summary>
    private const int Longest = 40;

    /// <summary>What devices tell: build metadata behind a plus sign does not count.</summary>
    public static string Plain(string told) => told.Split('+')[0] is { Length: > Longest } text ? text[..Longest] : told.Split('+')[0];

    /// <returns>Null: not a version.</returns>
    public static AgentVersion? Read(string? text)
    {
        if (text is null || !AgentReleases.IsVersion(Plain(text)))
        {
            return null;
        }

        string[] halves = Plain(text).Split('-', 2);
        int[] numbers = [.. halves[0].Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return new AgentVersion(numbers[0], numbers[1], numbers[2], halves.ElementAtOrDefault(1) ?? "");
    }

    /// <summary>For lists: the newest last; what is no version comes first.</summary>
    public static int Compare(string? one, string? other) => Nullable.Compare(Read(one), Read(other)) is var order and not 0 ? order : string.CompareOrdinal(one, other);

    public int CompareTo(AgentVersion other)
    {
        int numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return numbers != 0 ? numbers
            : Word.Length == 0 || other.Word.Length == 0 ? (Word.Length == 0).CompareTo(other.Word.Length == 0)
            : string.CompareOrdinal(Word, other.Word);
    }
}
