using System.Runtime.InteropServices;

namespace ThreeClassrooms.Mqtt.Native;

/// <summary>
/// What is used of libmosquitto (2.0, package libmosquitto1). Handles are <c>struct mosquitto*</c>; property lists are <c>mosquitto_property*</c>.
/// No function may be called from inside a callback, and all calls on a handle come from one thread at a time.
/// </summary>
internal static unsafe partial class Mosquitto
{
    /// <summary>Return codes (<c>enum mosq_err_t</c>).</summary>
    public const int Success = 0;
    public const int Invalid = 3;
    public const int NoConnection = 4;
    public const int ErrorTls = 8;
    public const int MalformedText = 18;
    public const int ErrorTlsHandshake = 23;
    public const int OversizePacket = 25;

    private const string Library = "libmosquitto.so.1";
    private const int OptionProtocolVersion = 1;
    private const int OptionReceiveMaximum = 4;
    private const int OptionNoDelay = 11;
    private const int ProtocolV5 = 5;

    private static readonly Lazy<bool> Loaded = new(() => NativeLibrary.TryLoad(Library, out _) && Initialise() == Success);

    /// <summary>False: the library is not on this machine.</summary>
    public static bool IsThere => Loaded.Value;

    public static void UseVersion5(nint handle, ushort receiveMaximum)
    {
        _ = SetOption(handle, OptionProtocolVersion, ProtocolV5);
        _ = SetOption(handle, OptionReceiveMaximum, receiveMaximum);
        _ = SetOption(handle, OptionNoDelay, 1);
    }

    /// <returns>Null: the code is not one of the library's.</returns>
    public static string? Explain(int code) => Marshal.PtrToStringUTF8(Words(code));

    [LibraryImport(Library, EntryPoint = "mosquitto_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint New(string clientId, [MarshalAs(UnmanagedType.I1)] bool cleanStart, nint userData);

    [LibraryImport(Library, EntryPoint = "mosquitto_destroy")]
    public static partial void Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "mosquitto_username_pw_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCredentials(nint handle, string username, string password);

    [LibraryImport(Library, EntryPoint = "mosquitto_will_set_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetWill(nint handle, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.I1)] bool retain, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_tls_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTls(nint handle, string trustFile, string? trustFolder, string? certificate, string? key, nint passwordCallback);

    [LibraryImport(Library, EntryPoint = "mosquitto_tls_insecure_set")]
    public static partial int SetAnyName(nint handle, [MarshalAs(UnmanagedType.I1)] bool anyName);

    [LibraryImport(Library, EntryPoint = "mosquitto_tls_opts_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTlsOptions(nint handle, int verifyPeer, string? version, string? ciphers);

    /// <summary>Remembers the properties of the coming CONNECT; with a null host it refuses to connect and does no more (they are copied first, in every 2.0.x).</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_connect_bind_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConnectWith(nint handle, string? host, int port, int keepAlive, string? bindAddress, nint properties);

    /// <summary>Begins to connect and queues CONNECT; resolves a name on the calling thread, waits for nothing else.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_connect_bind_async", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BeginConnect(nint handle, string host, int port, int keepAlive, string? bindAddress);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5")]
    public static partial int Disconnect(nint handle, int reason, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Publish(
        nint handle, out int id, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.I1)] bool retain, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Subscribe(nint handle, out int id, string filter, int qos, int options, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_socket")]
    public static partial int Socket(nint handle);

    [LibraryImport(Library, EntryPoint = "mosquitto_want_write")]
    [return: MarshalAs(UnmanagedType.I1)]
    public static partial bool WantsToWrite(nint handle);

    [LibraryImport(Library, EntryPoint = "mosquitto_loop_read")]
    public static partial int Read(nint handle, int packets);

    [LibraryImport(Library, EntryPoint = "mosquitto_loop_write")]
    public static partial int Write(nint handle, int packets);

    /// <summary>Keep-alive; to be called about once a second.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_loop_misc")]
    public static partial int KeepAlive(nint handle);

    [LibraryImport(Library, EntryPoint = "mosquitto_connect_v5_callback_set")]
    public static partial void OnConnect(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5_callback_set")]
    public static partial void OnDisconnect(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5_callback_set")]
    public static partial void OnPublish(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5_callback_set")]
    public static partial void OnSubscribe(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_message_v5_callback_set")]
    public static partial void OnMessage(nint handle, delegate* unmanaged[Cdecl]<nint, nint, NativeMessage*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_log_callback_set")]
    public static partial void OnLog(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, byte*, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_lib_init")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "mosquitto_int_option")]
    private static partial int SetOption(nint handle, int option, int value);

    [LibraryImport(Library, EntryPoint = "mosquitto_strerror")]
    private static partial nint Words(int code);
}

/// <summary><c>struct mosquitto_message</c>; valid during the callback only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct NativeMessage
{
    public readonly int Id;
    public readonly byte* Topic;
    public readonly byte* Payload;
    public readonly int Length;
    public readonly int Qos;
    private readonly byte _retain;

    public bool Retain => _retain != 0;
}
