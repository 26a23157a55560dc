using System.Globalization;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>What the configuration of a managed broker is made from.</summary>
/// <param name="Folder">Holds all its files.</param>
/// <param name="LocalPort">On 127.0.0.1, without TLS: the hub's own connections.</param>
/// <param name="Port">With TLS: the devices'.</param>
internal sealed record BrokerSettings(string Folder, string Plugin, int LocalPort, string Listen, int Port, string User)
{
    public string ConfigurationFile => Path.Combine(Folder, "mosquitto.conf");

    public string DynsecPath => Path.Combine(Folder, "dynamic-security.json");

    public string AclPath => Path.Combine(Folder, "acl");

    public string PidFile => Path.Combine(Folder, "mosquitto.pid");

    public string Certificate => Path.Combine(Folder, "broker.crt");

    public string Key => Path.Combine(Folder, "broker.key");

    /// <summary>Certificate and key once more.</summary>
    public string SecondCopy => Path.Combine(Folder, "broker.pem");

    /// <summary>The broker's own file.</summary>
    public string Snapshot => Path.Combine(Folder, "mosquitto.db");
}

/// <summary>The text of mosquitto.conf and of the acl_file. Pure.</summary>
internal static class BrokerConfiguration
{
    /// <summary>
    /// A device writes the named topics below its own <c>up/</c>, so that the broker keeps six messages of it at most, and reads below its own <c>down/</c>. The plugin of 2.0 knows no <c>%u</c>, the acl_file does: so the plugin has
    /// one object per device and no roles. (The acl_file accepts every SUBSCRIBE and decides when a message is delivered.)
    /// </summary>
    public const string Acl = """
        pattern write tc/v1/agents/%u/up/state
        pattern write tc/v1/agents/%u/up/hw
        pattern write tc/v1/agents/%u/up/metrics
        pattern write tc/v1/agents/%u/up/reported
        pattern write tc/v1/agents/%u/up/event
        pattern write tc/v1/agents/%u/up/res
        pattern read tc/v1/agents/%u/down/#

        """;

    public static string Write(BrokerSettings settings) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by the hub before every start of the broker; changes here are lost.
        user {settings.User}
        pid_file {settings.PidFile}
        # true loses wills (2.0.11)
        per_listener_settings false
        allow_anonymous false
        plugin {settings.Plugin}
        plugin_opt_config_file {settings.DynsecPath}
        acl_file {settings.AclPath}

        # The snapshot holds what the broker keeps for others; what must not be lost has an acknowledgement of its own.
        persistence true
        persistence_location {settings.Folder}/
        autosave_interval 30
        persistent_client_expiration 7d

        max_keepalive 120
        max_packet_size 262144
        message_size_limit 262144
        max_inflight_messages 20
        # The hub is a client like others, and is sent three retained messages of every device when it connects: beyond this the broker drops.
        max_queued_messages 50000
        max_queued_bytes 134217728
        set_tcp_nodelay true
        sys_interval 0

        log_dest stderr
        log_timestamp false
        log_type error
        log_type warning
        log_type notice
        connection_messages false

        listener {settings.LocalPort} 127.0.0.1

        listener {settings.Port} {settings.Listen}
        tls_version tlsv1.2
        certfile {settings.Certificate}
        keyfile {settings.Key}

        """);
}
