using System.Globalization;
using ThreeClassrooms.Agent.Telemetry.Readings;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>ALSA's names of devices: <c>hw:1,0</c>, <c>plughw:PCH</c>, <c>plughw:CARD=PCH,DEV=0</c>, <c>default</c>. Pure.</summary>
internal static class AlsaName
{
    /// <returns>True when the name means this card, or leaves the choice to the system.</returns>
    public static bool Means(string name, SoundCard card)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return true;
        }

        string first = name[(colon + 1)..].Split(',')[0];
        string wanted = first.StartsWith("CARD=", StringComparison.Ordinal) ? first["CARD=".Length..] : first;
        return wanted == card.Id || wanted == card.Number.ToString(CultureInfo.InvariantCulture);
    }
}
