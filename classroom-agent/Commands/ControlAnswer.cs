using ThreeClassrooms.Agent.Joining;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>What the running agent answers to a line on its control socket.</summary>
internal static class ControlAnswer
{
    public static async Task<string> ForAsync(string line, LessonLoop lesson, CancellationToken stop) => line switch
    {
        "mute" => Said(await lesson.SetMutedAsync(true, stop), "muted"),
        "unmute" => Said(await lesson.SetMutedAsync(false, stop), "unmuted"),
        "hand up" => Said(await lesson.RaiseHandAsync(true, stop), "hand up"),
        "hand down" => Said(await lesson.RaiseHandAsync(false, stop), "hand down"),
        "status" => lesson.Describe(),
        _ => "error: unknown command",
    };

    private static string Said(bool done, string what) => done ? "ok: " + what : "error: refused by the hub";
}
