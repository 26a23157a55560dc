namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Mosquitto's own file of what it keeps for others. With one that a power cut damaged it does not start, for ever; nothing in it is needed.</summary>
internal static class BrokerSnapshot
{
    private static readonly byte[] Magic = [0x00, 0xB5, 0x00, .. "mosquitto db"u8];

    /// <summary>The broker said why it ended: it cannot read the file.</summary>
    public static bool TellsOfDamage(string line) =>
        line.Contains("Couldn't open database", StringComparison.Ordinal) || line.Contains("restore persistent database", StringComparison.Ordinal);

    /// <returns>False for what does not even begin as such a file: zeros, another file. An empty one the broker takes itself.</returns>
    public static bool LooksSound(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] head = new byte[Magic.Length];
        return file.Length == 0 || (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(Magic));
    }
}
