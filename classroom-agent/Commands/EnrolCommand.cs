using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary><c>agent enrol --hub URL --code CODE</c>.</summary>
internal static class EnrolCommand
{
    public static async Task<int> RunAsync(AgentOptions options, string code, CancellationToken stop)
    {
        if (options.Hub is not { } hub)
        {
            await Console.Error.WriteLineAsync(Words.Get("EnrolNeedsHub"));
            return ExitCodes.BadOptions;
        }

        AtomicFile.MakeFolder(options.Data);
        Result<Identity, HubRefusal> identity = await Enroller.EnrolAsync(
            hub, options.HubCertSha256, code, new IdentityStore(options.Data), new MqttIdentityStore(options.Data), TimeProvider.System, null, stop);
        if (!identity.IsOk)
        {
            await Console.Error.WriteLineAsync(HubRefusals.Explain(identity.Refusal!.Value));
            return ExitCodes.Failed;
        }

        string role = Words.Get("Role" + identity.Value.Role);
        Console.WriteLine(Words.Format("Enrolled", identity.Value.DeviceId, role, identity.Value.School, identity.Value.Classroom));
        return ExitCodes.Done;
    }
}
