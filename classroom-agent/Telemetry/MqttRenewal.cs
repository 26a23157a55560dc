using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>
/// Gets a new MQTT password over the device API: for devices enrolled before there was a broker, after a refusal, and when staff rotate it. The new one is on the
/// disk before it begins to count, and the old one stays there until the new one has worked.
/// </summary>
internal sealed class MqttRenewal(HubApi api, DeviceTokens tokens, MqttIdentityStore store, ILogger log)
{
    /// <returns>Null: the hub could not be asked, or watches no health.</returns>
    public async Task<MqttIdentity?> RenewAsync(CancellationToken stop)
    {
        Result<DeviceMqttResponse, HubRefusal> issued = await AskAsync(new DeviceMqttRequest(), stop);
        if (!issued.IsOk)
        {
            log.NoMqttPassword(issued.Refusal!.Value);
            return null;
        }

        if (issued.Value.Mqtt is not { } given)
        {
            log.HealthNotWatched();
            return null;
        }

        MqttIdentity identity = store.Load()?.With(given) ?? MqttIdentity.Of(given);
        if (!store.TrySave(identity))
        {
            log.MqttPasswordNotKept(); // unconfirmed, it never counts
            return null;
        }

        Result<DeviceMqttResponse, HubRefusal> confirmed = await AskAsync(new DeviceMqttRequest(given.Password), stop);
        if (!confirmed.IsOk)
        {
            // It may count or not: both are on the disk and both are tried.
            log.MqttPasswordUnconfirmed(confirmed.Refusal!.Value);
        }
        else
        {
            log.MqttPasswordRenewed();
        }

        return identity;
    }

    private async Task<Result<DeviceMqttResponse, HubRefusal>> AskAsync(DeviceMqttRequest request, CancellationToken stop)
    {
        Result<string, HubRefusal> token = await tokens.GetAsync(stop);
        return token.IsOk ? await api.MqttAsync(token.Value, request, stop) : token.Refusal!.Value;
    }
}
