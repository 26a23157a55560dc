using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// Bearer tokens of devices: sealed by the hub's own keys under a purpose of their own, so that no other sealed text of the hub is one.
/// The time limit lies inside the seal and is judged by the hub's clock. Thread-safe.
/// </summary>
internal sealed class DeviceTokens(IDataProtectionProvider protection, DevicesOptions options, TimeProvider clock)
{
    private const string Purpose = "ThreeClassrooms.Devices.Token.v1";

    /// <summary>A token is about 230 characters; longer ones are refused unread.</summary>
    private const int LongestToken = 1024;

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);

    /// <returns>The token and its end, UTC, exclusive.</returns>
    public (string Token, DateTimeOffset ExpiresAt) Issue(DeviceCaller device)
    {
        DateTimeOffset now = clock.GetUtcNow(), expires = now + options.TokenLifetime;
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            writer.Write(now.UtcTicks);
            writer.Write(expires.UtcTicks);
            writer.Write(device.ClassroomId.ToByteArray());
            writer.Write((byte)device.Role);
            writer.Write(device.DeviceId);
        }

        return (WebEncoders.Base64UrlEncode(_protector.Protect(bytes.ToArray())), expires);
    }

    /// <returns>Null when the token is not ours, was changed, is not valid yet or no longer.</returns>
    public (DeviceCaller Device, DateTimeOffset ExpiresAt)? Read(string token)
    {
        if (token.Length is 0 or > LongestToken)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(_protector.Unprotect(WebEncoders.Base64UrlDecode(token))));
            var issued = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var expires = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var classroom = new Guid(reader.ReadBytes(16));
            var role = (DeviceRole)reader.ReadByte();
            var device = new DeviceCaller(reader.ReadString(), classroom, role);
            DateTimeOffset now = clock.GetUtcNow();
            return issued <= now.AddMinutes(1) && now < expires ? (device, expires) : null; // a minute: the clock may have been set back
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
