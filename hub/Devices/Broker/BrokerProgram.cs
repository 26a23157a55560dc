namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>The broker's program and its dynamic-security plugin.</summary>
internal sealed record BrokerProgram(string Program, string Plugin)
{
    private const string PluginFile = "mosquitto_dynamic_security.so";

    private static readonly string[] Programs = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"];

    private static readonly string[] PluginFolders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/lib/mosquitto", "/usr/libexec/mosquitto"];

    /// <summary>Looks where distributions put the two; Debian has the plugin in a folder of the machine's architecture.</summary>
    /// <returns>Null: one of them is not on this machine.</returns>
    public static BrokerProgram? Find(MqttOptions options)
    {
        string? program = (options.Program.Length > 0 ? [options.Program] : Programs).FirstOrDefault(File.Exists);
        IEnumerable<string> folders = PluginFolders.Concat(Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-*") : []);
        string? plugin = folders.Select(f => Path.Combine(f, PluginFile)).FirstOrDefault(File.Exists);
        return program is not null && plugin is not null ? new BrokerProgram(program, plugin) : null;
    }
}
