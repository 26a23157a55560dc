using System.Collections;
using System.Runtime.InteropServices;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>What the kernel does for a start of another version: execve(2), and the alarm(2) that outlives it. Linux only.</summary>
internal static partial class Replacement
{
    private const int SetMask = 2, Alarm = 14, DefaultAction = 0;

    /// <summary>Bytes of glibc's and musl's <c>sigset_t</c>.</summary>
    private const int MaskBytes = 128;

    /// <summary>
    /// Makes this process run another program, under the same process id. Open files of the runtime close by themselves; the signal mask and ignored signals are handed on,
    /// so the calling thread's are set to what a program expects.
    /// </summary>
    /// <param name="alarm">The kernel ends the process after so long (whole seconds, at least one), whatever the new program does, unless it calls <see cref="Disarm"/>; null: it does not.</param>
    /// <returns>Only when it could not: the kernel's number for why.</returns>
    public static int Execute(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, TimeSpan? alarm)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        // Never given back: where it succeeds, all of this program's memory goes.
        nint[] words = [.. arguments.Prepend(program).Select(Marshal.StringToCoTaskMemUTF8), 0];
        nint[] settings = [.. environment.Select(e => Marshal.StringToCoTaskMemUTF8($"{e.Key}={e.Value}")), 0];
        _ = SetSignalMask(SetMask, new byte[MaskBytes], 0);
        _ = SetSignal(Alarm, DefaultAction);
        if (alarm is { } within)
        {
            _ = SetAlarm((uint)Math.Max(1, Math.Ceiling(within.TotalSeconds)));
        }

        _ = Execute(program, words, settings);
        int fault = Marshal.GetLastPInvokeError();
        Disarm();
        return fault;
    }

    /// <summary>No alarm any more, if there was one.</summary>
    public static void Disarm() => _ = SetAlarm(0);

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string path, nint[] arguments, nint[] environment);

    [LibraryImport("libc", EntryPoint = "alarm")]
    private static partial uint SetAlarm(uint seconds);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetSignalMask(int how, byte[] mask, nint former);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint action);
}
