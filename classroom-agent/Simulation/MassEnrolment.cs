using System.Collections.Concurrent;
using System.Globalization;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Simulation;

/// <param name="Enrolled">Of this run.</param>
/// <param name="Unusable">Codes that the hub did not take.</param>
/// <param name="Stopped">Why it went no further; null: all that could be enrolled are.</param>
internal sealed record EnrolmentResult(int Enrolled, int Unusable, HubRefusal? Stopped);

/// <summary>Enrols the devices of a fleet that have no identity yet, as installers do it, a few at a time and within what the hub allows per minute.</summary>
internal sealed class MassEnrolment(FleetFolder folder, Uri hub, string? pin, TimeProvider time)
{
    private const int AtOnce = 4;

    /// <summary>The hub counts enrolments per minute and address.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(7);

    /// <summary>A minute's allowance must have come back by then; a code that is still refused has been tried too often.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    private readonly Lock _lock = new();
    private int _enrolled;
    private int _unusable;
    private HubRefusal? _stopped;

    /// <summary>How many are enrolled so far.</summary>
    public int Enrolled => _enrolled;

    /// <param name="numbers">Of the devices without an identity.</param>
    /// <param name="codes">At least as many as can be enrolled; the rest is left.</param>
    public async Task<EnrolmentResult> RunAsync(IReadOnlyList<int> numbers, IEnumerable<string> codes, CancellationToken stop)
    {
        (var left, var fresh) = (new ConcurrentQueue<int>(numbers), new ConcurrentQueue<string>(codes));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(left, fresh, stop)));
        return new EnrolmentResult(_enrolled, _unusable, _stopped);
    }

    private async Task WorkAsync(ConcurrentQueue<int> left, ConcurrentQueue<string> codes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && _stopped is null && left.TryDequeue(out int number))
        {
            bool enrolled = false;
            while (!enrolled && !stop.IsCancellationRequested && _stopped is null && codes.TryDequeue(out string? code))
            {
                enrolled = await TryAsync(number, code, stop);
            }
        }
    }

    private async Task<bool> TryAsync(int number, string code, CancellationToken stop)
    {
        string data = folder.Of(number), machine = string.Create(CultureInfo.InvariantCulture, $"simulated-{number:0000}");
        long since = time.GetTimestamp();
        while (true)
        {
            Result<Identity, HubRefusal> answer = await Enroller.EnrolAsync(hub, pin, code, new IdentityStore(data), new MqttIdentityStore(data), time, machine, stop);
            if (!answer.IsOk && answer.Refusal == HubRefusal.TooManyTries && time.GetElapsedTime(since) < Patience)
            {
                await Waits.PauseAsync(AskAgain * (0.5 + Random.Shared.NextDouble()), time, stop);
                if (!stop.IsCancellationRequested)
                {
                    continue;
                }
            }

            Note(code, answer);
            return answer.IsOk;
        }
    }

    private void Note(string code, Result<Identity, HubRefusal> answer)
    {
        lock (_lock)
        {
            if (answer.IsOk)
            {
                _enrolled++;
                folder.Spend(code);
            }
            else if (answer.Refusal is HubRefusal.BadCode or HubRefusal.CodeUsed or HubRefusal.CodeExpired or HubRefusal.TooManyTries)
            {
                _unusable++;
                folder.Spend(code);
            }
            else
            {
                _stopped = answer.Refusal;
            }
        }
    }
}
