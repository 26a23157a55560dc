using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ThreeClassrooms.Mqtt.Native;

/// <summary>
/// One thread that serves all links of the process: it waits for their sockets with poll(2) and is the only one that touches their handles. (The library's own
/// loop waits with select(2), which knows 1,024 descriptors; a thread for each of 2,000 simulated devices would cost more than their work.)
/// </summary>
internal sealed unsafe partial class PollLoop
{
    private const short In = 1;
    private const short Out = 4;
    private const short Broken = 0x38; // POLLERR, POLLHUP, POLLNVAL
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int TickMs = 500;

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<Connection> _connections = [];
    private readonly int _wake;
    private PollEntry[] _entries = new PollEntry[64];

    private PollLoop()
    {
        _wake = EventFd(0, NonBlocking | CloseOnExec);
        new Thread(Run) { IsBackground = true, Name = "mqtt" }.Start();
    }

    /// <summary>Started with the first link; lives as long as the process.</summary>
    public static PollLoop Shared { get; } = new();

    /// <summary>Runs an action on the loop's thread, soon. The action must not throw.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        ulong one = 1;
        _ = WriteWake(_wake, &one, sizeof(ulong));
    }

    /// <summary>On the loop's thread.</summary>
    public void Add(Connection connection) => _connections.Add(connection);

    private void Run()
    {
        long lastTick = 0;
        while (true)
        {
            ulong count;
            _ = ReadWake(_wake, &count, sizeof(ulong));
            while (_posted.TryDequeue(out Action? action))
            {
                action();
            }

            int entries = Fill();
            int ready;
            fixed (PollEntry* first = _entries)
            {
                ready = Poll(first, (nuint)entries, TickMs);
            }

            if (ready > 0)
            {
                Serve(entries);
            }

            if (Stopwatch.GetElapsedTime(lastTick) >= TimeSpan.FromMilliseconds(TickMs) || lastTick == 0)
            {
                lastTick = Stopwatch.GetTimestamp();
                _connections.ForEach(c => c.OnTick(lastTick));
            }

            _connections.RemoveAll(c => c.IsGone);
        }
    }

    private int Fill()
    {
        if (_entries.Length <= _connections.Count)
        {
            _entries = new PollEntry[2 * (_connections.Count + 1)];
        }

        _entries[0] = new PollEntry { Descriptor = _wake, Events = In };
        for (int i = 0; i < _connections.Count; i++)
        {
            Connection connection = _connections[i];
            short events = (short)((connection.WantsToRead ? In : 0) | (connection.WantsToWrite ? Out : 0));
            _entries[i + 1] = new PollEntry { Descriptor = connection.Descriptor, Events = events }; // a negative descriptor is passed over
        }

        return _connections.Count + 1;
    }

    private void Serve(int entries)
    {
        for (int i = 1; i < entries; i++)
        {
            if (_entries[i].Found != 0)
            {
                _connections[i - 1].OnReady((_entries[i].Found & ~Out) != 0, (_entries[i].Found & Out) != 0, (_entries[i].Found & Broken) != 0);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteWake(int descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadWake(int descriptor, ulong* value, nuint length);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
