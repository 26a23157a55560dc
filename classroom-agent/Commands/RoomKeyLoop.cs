using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>
/// Listens to the input devices of a room that shows its lessons on the full screen, where nobody types anything: which key it was is told to nobody and kept
/// nowhere. Devices may come and go. Needs the group <c>input</c>.
/// </summary>
/// <param name="folder"><c>/dev/input</c>.</param>
/// <param name="press">Does what the key says; the next key of that device waits for it.</param>
internal sealed class RoomKeyLoop(string folder, Func<RoomKey, CancellationToken, Task> press, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Buttons bounce, and people press twice.</summary>
    private static readonly TimeSpan Bounce = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, Task> _heard = [];
    private bool _refused;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (string device in Devices().Where(d => !_heard.TryGetValue(d, out Task? hears) || hears.IsCompleted))
            {
                // A read that waits cannot be called off: it has a thread of the pool for itself and ends with the process.
                _heard[device] = Task.Run(() => HearAsync(device, stop), CancellationToken.None);
            }

            await Waits.PauseAsync(Look, time, stop);
        }
    }

    private IEnumerable<string> Devices() => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "event*") : [];

    private async Task HearAsync(string device, CancellationToken stop)
    {
        byte[] wire = new byte[RoomKeys.EventSize];
        long last = 0;
        try
        {
            using var events = new FileStream(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            while (!stop.IsCancellationRequested)
            {
                await events.ReadExactlyAsync(wire, stop);
                if (RoomKeys.Read(wire) is var key && key != RoomKey.None && (last == 0 || time.GetElapsedTime(last) > Bounce))
                {
                    last = time.GetTimestamp();
                    await press(key, stop);
                }
            }
        }
        catch (UnauthorizedAccessException e)
        {
            if (!_refused)
            {
                _refused = true;
                log.KeysRefused(e.Message);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It was pulled out, or the agent ends.
        }
    }
}
