using System.Globalization;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>A volume to set, or a step up or down, as <c>pactl</c> and <c>amixer</c> write it.</summary>
internal readonly record struct VolumeChange(string Pulse, string Alsa)
{
    /// <param name="percent">0 to 100.</param>
    public static VolumeChange To(int percent) => new(Text($"{percent}%"), Text($"{percent}%"));

    /// <param name="step">Per cent, up or (negative) down.</param>
    public static VolumeChange By(int step) => new(Text($"{step:+0;-0}%"), Text($"{Math.Abs(step)}%{(step < 0 ? '-' : '+')}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
