using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Hub.Devices;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>A connection outlives the token it was opened with: whoever has lost its rights meanwhile is put out at its next call.</summary>
internal sealed class DeviceStandingFilter(DeviceStanding standing) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        HubCallerContext context = invocationContext.Context;
        if (DeviceCaller.From(context.User!) is { } device && !await standing.IsEnabledAsync(device.DeviceId, context.ConnectionAborted))
        {
            context.Abort();
            throw new HubException("deviceDisabled");
        }

        return await next(invocationContext);
    }
}
