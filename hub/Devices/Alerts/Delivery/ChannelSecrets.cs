using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>What of a channel nobody may see again once it was entered. Never printed: the record's own text says nothing.</summary>
/// <param name="Address">The robot's or receiver's whole address, token and all; null with mail.</param>
/// <param name="Key">Signing secret of DingTalk or Feishu, HMAC key of a webhook, password of the mail account; null: none.</param>
internal sealed record ChannelSecrets(string? Address, string? Key)
{
    public override string ToString() => nameof(ChannelSecrets);
}

/// <summary>Encrypts channels' secrets with the hub's Data Protection keys (folder <c>keys</c> of the data folder). Thread-safe.</summary>
internal sealed class SecretBox(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("ThreeClassrooms.AlertChannels.v1");

    public string Lock(ChannelSecrets secrets) => _protector.Protect(JsonSerializer.Serialize(secrets));

    /// <returns>Null when the keys that encrypted it are gone or the text is not one of ours.</returns>
    public ChannelSecrets? Open(string locked)
    {
        try
        {
            return JsonSerializer.Deserialize<ChannelSecrets>(_protector.Unprotect(locked));
        }
        catch (Exception fault) when (fault is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
