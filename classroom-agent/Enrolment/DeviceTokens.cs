using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>The device's bearer token, renewed after 60–80 % of its life so that a county of devices does not ask in the same second. Safe to call from anywhere.</summary>
internal sealed class DeviceTokens(HubApi api, Identity identity, HubClock clock, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private string? _token;
    private TimeSpan _renewAt;
    private TimeSpan _expiresAt;

    /// <summary>A clock that is set neither lengthens nor shortens a token's life.</summary>
    private TimeSpan Mono => TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency);

    /// <summary>A token that is still good, asking the hub when none is at hand. While the hub is away the old one serves until it expires.</summary>
    public async Task<Result<string, HubRefusal>> GetAsync(CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            TimeSpan now = Mono;
            if (_token is not null && now < _renewAt)
            {
                return _token;
            }

            long sent = time.GetTimestamp();
            Result<DeviceTokenResponse, HubRefusal> answer = await api.TokenAsync(new DeviceTokenRequest(identity.DeviceId, identity.Secret), stop);
            if (!answer.IsOk)
            {
                return _token is not null && now < _expiresAt && answer.Refusal == HubRefusal.Unreachable ? _token : answer.Refusal!.Value;
            }

            clock.OnSample(answer.Value.HubTime, time.GetElapsedTime(sent));
            TimeSpan life = answer.Value.ExpiresAt - answer.Value.HubTime;
            _token = answer.Value.Token;
            _expiresAt = Mono + life;
            _renewAt = Mono + (life * (0.6 + (0.2 * Random.Shared.NextDouble())));
            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets the token the hub has just refused, so that the next call asks for a new one.</summary>
    public void Drop() => _renewAt = TimeSpan.MinValue;

    public void Dispose() => _gate.Dispose();
}
