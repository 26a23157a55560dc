using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// Puts out who has lost the right to be in: sockets and media connections of a session that ended or a device that was disabled. At once when it
/// happened in this process, within seconds when it happened beside it.
/// </summary>
internal sealed class StandingLoop(
    LiveSockets sockets, Sessions sessions, DeviceStanding devices, StreamServer streams, ILogger<StandingLoop> log) : BackgroundService, ITicketStanding
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private const string SessionMark = "s:", DeviceMark = "d:";

    public static string OwnerOf(Guid session) => SessionMark + session;

    public static string OwnerOf(DeviceCaller device) => DeviceMark + device.DeviceId;

    /// <inheritdoc />
    public async ValueTask<bool> StandsAsync(string owner, CancellationToken cancel) =>
        owner.StartsWith(SessionMark, StringComparison.Ordinal) ? Guid.TryParse(owner[SessionMark.Length..], out Guid id) && await sessions.RunsAsync(id, cancel)
        : !owner.StartsWith(DeviceMark, StringComparison.Ordinal) || await devices.IsEnabledAsync(owner[DeviceMark.Length..], cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        sessions.Ended += OnEnded;
        devices.Changed += OnDeviceChanged;
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            sessions.Ended -= OnEnded;
            devices.Changed -= OnDeviceChanged;
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            HashSet<string> owners = [.. sockets.Owners, .. await streams.OwnersAsync()];
            Guid[] here = [.. owners.Where(o => o.StartsWith(SessionMark, StringComparison.Ordinal)).Select(o => Guid.Parse(o[SessionMark.Length..]))];
            IEnumerable<string> ended = (await sessions.EndedAmongAsync(here, stop)).Select(OwnerOf);
            IEnumerable<string> disabled = (await devices.DisabledAsync(stop)).Select(id => DeviceMark + id);
            foreach (string owner in ended.Concat(disabled).Where(owners.Contains))
            {
                await PutOutAsync(owner);
            }
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            log.StandingUnknown(fault); // the next look is near
        }
    }

    private void OnEnded(Guid session) => _ = PutOutAsync(OwnerOf(session));

    private void OnDeviceChanged(string deviceId) => _ = Task.Run(async () =>
    {
        if (!await devices.IsEnabledAsync(deviceId, CancellationToken.None))
        {
            await PutOutAsync(DeviceMark + deviceId);
        }
    });

    private async Task PutOutAsync(string owner)
    {
        sockets.Close(owner);
        await streams.EndAllOfAsync(owner);
    }
}
