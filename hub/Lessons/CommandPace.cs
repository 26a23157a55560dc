using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Calls to the lesson hub per device and person, over all of its connections: a page and an agent make a few a minute; a loop is refused.</summary>
internal sealed class CommandPace(TimeProvider clock) : IHubFilter
{
    /// <summary>Beyond it each call fails with <see cref="TooMany"/>.</summary>
    public const int Burst = 150;

    public const string TooMany = "tooManyCommands";

    private readonly TokenBuckets _calls = new(Burst, perSecond: 5);

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        HubCallerContext context = invocationContext.Context;
        string who = LessonCaller.From(context.User!) is { } caller ? caller.Device?.DeviceId ?? caller.Person!.AccountId.ToString() : context.ConnectionId;
        return _calls.TryTake(who, 1, clock.GetUtcNow()) ? next(invocationContext) : throw new HubException(TooMany);
    }
}
