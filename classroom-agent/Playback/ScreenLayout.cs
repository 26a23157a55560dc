using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Which watched stream goes where on the screen. Pure.</summary>
internal static class ScreenLayout
{
    /// <summary>The shared screen is the main picture when there is one, else the lecturer's camera; what is left goes to the corners, the floor's classroom left.</summary>
    public static IReadOnlyDictionary<string, ScreenPlace> Places(IReadOnlyCollection<string> watched)
    {
        var places = new Dictionary<string, ScreenPlace>();
        bool screen = watched.Contains(StreamIds.HostScreen);
        foreach (string streamId in watched)
        {
            places[streamId] = streamId switch
            {
                StreamIds.HostScreen => ScreenPlace.Main,
                StreamIds.HostCamera => screen ? ScreenPlace.Corner : ScreenPlace.Main,
                _ => watched.Contains(StreamIds.HostCamera) || screen ? ScreenPlace.LeftCorner : ScreenPlace.Main,
            };
        }

        return places;
    }
}
