using System.Runtime.InteropServices;

namespace ThreeClassrooms.Mqtt.Native;

/// <summary>A list of MQTT 5 properties (§2.2.2) in the library's memory. Owned by whoever made it until <see cref="Release"/>; dispose it in every case.</summary>
internal sealed unsafe partial class PropertyList : IDisposable
{
    private const string Library = "libmosquitto.so.1";
    private const int PayloadFormat = 1;
    private const int MessageExpiry = 2;
    private const int ContentType = 3;
    private const int ResponseTopic = 8;
    private const int CorrelationData = 9;
    private const int SessionExpiry = 17;
    private const int WillDelay = 24;
    private const int ReasonString = 31;
    private const int UserProperty = 38;

    private nint _list;

    public nint Handle => _list;

    public static PropertyList OfConnect(TimeSpan sessionExpiry)
    {
        var list = new PropertyList();
        list.AddSeconds(SessionExpiry, sessionExpiry);
        return list;
    }

    public static PropertyList Of(MqttMessage message)
    {
        var list = new PropertyList();
        if (message.Expiry is { } expiry)
        {
            list.AddSeconds(MessageExpiry, expiry);
        }

        if (message.ContentType is { } type)
        {
            Check(AddString(ref list._list, ContentType, type));
            Check(AddByte(ref list._list, PayloadFormat, 1)); // what has a content type here is UTF-8 text
        }

        if (message.ResponseTopic is { } topic)
        {
            Check(AddString(ref list._list, ResponseTopic, topic));
        }

        if (!message.CorrelationData.IsEmpty)
        {
            fixed (byte* data = message.CorrelationData.Span)
            {
                Check(AddBinary(ref list._list, CorrelationData, data, checked((ushort)message.CorrelationData.Length)));
            }
        }

        foreach ((string name, string value) in message.UserProperties ?? [])
        {
            Check(AddPair(ref list._list, UserProperty, name, value));
        }

        return list;
    }

    public static PropertyList Of(MqttWill will)
    {
        PropertyList list = Of(will.Message);
        list.AddSeconds(WillDelay, will.Delay);
        return list;
    }

    /// <summary>Reads a received message.</summary>
    /// <param name="list">The library's; null: no properties.</param>
    public static MqttMessage Read(NativeMessage* message, nint list)
    {
        TimeSpan? expiry = ReadInt32(list, MessageExpiry, out uint seconds, false) != 0 ? TimeSpan.FromSeconds(seconds) : null;
        byte[] correlation = ReadBinary(list, CorrelationData, out byte* data, out ushort length, false) != 0 ? Take(data, length) : [];
        return new MqttMessage(
            Marshal.PtrToStringUTF8((nint)message->Topic) ?? "", new ReadOnlySpan<byte>(message->Payload, message->Length).ToArray(),
            message->Qos == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce, message->Retain, expiry, Text(list, ResponseTopic), correlation, Pairs(list), Text(list, ContentType));
    }

    /// <summary>What the broker says in words; null: nothing.</summary>
    public static string? Reason(nint list) => Text(list, ReasonString);

    /// <summary>The library has taken the list over.</summary>
    public void Release() => _list = 0;

    public void Dispose() => FreeAll(ref _list);

    private static string? Text(nint list, int property) =>
        ReadString(list, property, out byte* text, false) != 0 ? TakeText(text) : null;

    private static List<KeyValuePair<string, string>>? Pairs(nint list)
    {
        List<KeyValuePair<string, string>>? pairs = null;
        nint at = ReadPair(list, UserProperty, out byte* name, out byte* value, false);
        while (at != 0)
        {
            (pairs ??= []).Add(new(TakeText(name), TakeText(value)));
            at = ReadPair(at, UserProperty, out name, out value, true);
        }

        return pairs;
    }

    private static string TakeText(byte* text)
    {
        string taken = Marshal.PtrToStringUTF8((nint)text) ?? "";
        Free(text);
        return taken;
    }

    private static byte[] Take(byte* data, int length)
    {
        byte[] taken = new ReadOnlySpan<byte>(data, length).ToArray();
        Free(data);
        return taken;
    }

    private static void Check(int code)
    {
        if (code != Mosquitto.Success)
        {
            throw new ArgumentException($"A property of the message cannot be sent: {Mosquitto.Explain(code)}");
        }
    }

    private void AddSeconds(int property, TimeSpan time) => Check(AddInt32(ref _list, property, (uint)Math.Min(uint.MaxValue, Math.Ceiling(time.TotalSeconds))));

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_byte")]
    private static partial int AddByte(ref nint list, int property, byte value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_int32")]
    private static partial int AddInt32(ref nint list, int property, uint value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_string", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddString(ref nint list, int property, string value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_string_pair", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddPair(ref nint list, int property, string name, string value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_binary")]
    private static partial int AddBinary(ref nint list, int property, byte* value, ushort length);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_int32")]
    private static partial nint ReadInt32(nint list, int property, out uint value, [MarshalAs(UnmanagedType.I1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_string")]
    private static partial nint ReadString(nint list, int property, out byte* value, [MarshalAs(UnmanagedType.I1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_string_pair")]
    private static partial nint ReadPair(nint list, int property, out byte* name, out byte* value, [MarshalAs(UnmanagedType.I1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_binary")]
    private static partial nint ReadBinary(nint list, int property, out byte* value, out ushort length, [MarshalAs(UnmanagedType.I1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_free_all")]
    private static partial void FreeAll(ref nint list);

    /// <summary>What the library gives away was allocated with the C library's malloc.</summary>
    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(void* memory);
}
