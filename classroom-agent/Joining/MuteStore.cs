using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Remembers mute across restarts: file <c>microphone</c> in the data folder, one word.</summary>
internal sealed class MuteStore(string data)
{
    private readonly string _path = Path.Combine(data, "microphone");

    /// <summary>What was remembered; else a receiving room is muted and the lecturer's room is not. An unreadable file means muted.</summary>
    public bool Load(DeviceRole role)
    {
        try
        {
            return File.ReadAllText(_path).Trim() != "open";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return role == DeviceRole.Receiving;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public void Save(bool muted) => AtomicFile.Write(_path, muted ? "muted"u8 : "open"u8);
}
