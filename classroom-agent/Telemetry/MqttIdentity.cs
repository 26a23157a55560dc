using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>How this device reaches the broker, and as whom. The passwords are written to one file with mode 0600 and to no log.</summary>
/// <param name="Host">Null: the hub's.</param>
/// <param name="Current">The password that worked last; null: none has yet.</param>
/// <param name="Next">One that was handed out after it; null: none. The current one is kept until this one has worked.</param>
internal sealed record MqttIdentity(string? Host, int Port, string? Certificate, bool CertificateIsPin, string? Current, string? Next)
{
    /// <summary>What to try, in this order.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Passwords => [.. new[] { Next, Current }.OfType<string>()];

    public static MqttIdentity Of(DeviceMqtt given) => new(given.Host, given.Port, given.Certificate, given.CertificateIsPin, null, given.Password);

    /// <summary>The hub's newest word on the address; its password becomes the next to try.</summary>
    public MqttIdentity With(DeviceMqtt given) => Of(given) with { Current = Current };

    /// <summary>This password was let in: the other one is of no more use. (A next one that was refused before it never began to count.)</summary>
    public MqttIdentity Proven(string password) => this with { Current = password, Next = null };

    /// <summary>The same broker, whatever the passwords.</summary>
    public bool IsSamePlace(MqttIdentity other) => this with { Current = null, Next = null } == other with { Current = null, Next = null };

    public override string ToString() => $"{Host ?? "hub"}:{Port}";
}
