using System.Text;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>Turns a one-time code into this device's identity.</summary>
internal static class Enroller
{
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>The code as the hub wants it; null when it can be none (RFC 8628 §6.1 letters, eight of them), found out without spending a try.</summary>
    public static string? Normalise(string code)
    {
        var letters = new StringBuilder(8);
        foreach (char c in code.ToUpperInvariant())
        {
            if (Alphabet.Contains(c, StringComparison.Ordinal))
            {
                letters.Append(c);
            }
            else if (c is not ('-' or ' '))
            {
                return null;
            }
        }

        return letters.Length == 8 ? letters.ToString() : null;
    }

    /// <summary>Enrols and stores the identity before returning it: a code is spent once, so the answer must not be lost.</summary>
    /// <param name="mqtt">Gets the MQTT identity when the hub gives one; should it be lost, the agent asks for another.</param>
    /// <param name="machine">What staff see as the machine's name; null: its own.</param>
    public static async Task<Result<Identity, HubRefusal>> EnrolAsync(
        Uri hub, string? pin, string code, IdentityStore store, MqttIdentityStore mqtt, TimeProvider time, string? machine, CancellationToken stop)
    {
        if (Normalise(code) is not { } clean)
        {
            return HubRefusal.BadCode;
        }

        using HttpClient client = HubTrust.Client(hub, pin);
        Result<EnrolResponse, HubRefusal> answer = await new HubApi(client).EnrolAsync(new EnrolRequest(clean, machine ?? Environment.MachineName, AgentVersion.Current), stop);
        if (!answer.IsOk)
        {
            return answer.Refusal!.Value;
        }

        EnrolResponse given = answer.Value;
        var identity = new Identity(hub, given.DeviceId, given.Secret, given.Role, given.Classroom, given.School, pin, time.GetUtcNow());
        store.Save(identity);
        if (given.ReleaseKey is { } releaseKey)
        {
            store.SaveReleaseKey(releaseKey);
        }

        if (given.Mqtt is { } broker)
        {
            mqtt.TrySave(MqttIdentity.Of(broker));
        }
        else
        {
            mqtt.Forget();
        }

        return identity;
    }
}
