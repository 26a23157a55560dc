using System.Collections.Concurrent;
using ThreeClassrooms.Media.Stun;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>
/// The media loops of this machine. Each has a thread and a UDP port of its own and shares nothing with the others; a lesson lives on one of them from its
/// opening to its end. Thread-safe.
/// </summary>
/// <param name="create">Makes the loop with this number; null: its port is taken. The first one must succeed.</param>
/// <param name="most">Loops at most.</param>
internal sealed class LoopSet(Func<int, MediaLoop?> create, int most) : IDisposable
{
    private const int MaxUfrag = 256;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Guid, MediaLoop> _lessons = new();
    private int _most = most;
    private MediaLoop[] _loops = [create(0) ?? throw new InvalidOperationException("The media port is taken.")];

    /// <summary>Connections of all loops.</summary>
    public int ConnectionCount
    {
        get
        {
            int sum = 0;
            foreach (MediaLoop loop in Volatile.Read(ref _loops))
            {
                sum += loop.ConnectionCount;
            }

            return sum;
        }
    }

    public void Start() => _loops[0].Start();

    /// <summary>Where the lesson lives; null: it is not open.</summary>
    public MediaLoop? Of(Guid lesson) => _lessons.GetValueOrDefault(lesson);

    /// <summary>The loop that gave this name to one of its peers (see <see cref="Mark"/>) and still knows it; null: none does.</summary>
    /// <param name="packet">A peer's first packet: a binding request.</param>
    public MediaLoop? Of(ReadOnlySpan<byte> packet)
    {
        Span<char> ufrag = stackalloc char[MaxUfrag];
        MediaLoop[] loops = Volatile.Read(ref _loops);
        return StunDemux.TryReadUfrag(packet, ufrag, out int length) && length > 0 && ufrag[0] - 'A' is var index and >= 0 && index < loops.Length
            && loops[index].Knows(ufrag[..length])
            ? loops[index]
            : null;
    }

    /// <summary>First letter of the ICE user names that a loop gives out: whoever comes by TCP says with it where he belongs.</summary>
    public static char Mark(MediaLoop loop) => (char)('A' + loop.Index);

    /// <summary>Finds a place for the lesson; an open one keeps its own.</summary>
    public MediaLoop Place(Guid lesson)
    {
        lock (_gate)
        {
            if (_lessons.TryGetValue(lesson, out MediaLoop? placed))
            {
                return placed;
            }

            Span<int> lessons = stackalloc int[_loops.Length];
            foreach (MediaLoop loop in _lessons.Values)
            {
                lessons[loop.Index]++;
            }

            int choice = LoopChoice.Of(lessons, _most);
            if (choice == _loops.Length && !TryBegin(choice))
            {
                _most = _loops.Length;
                choice = LoopChoice.Of(lessons, _most);
            }

            return _lessons[lesson] = _loops[choice];
        }
    }

    /// <summary>The lesson is over.</summary>
    /// <returns>Where it lived; null: it was not open.</returns>
    public MediaLoop? Release(Guid lesson)
    {
        lock (_gate)
        {
            return _lessons.TryRemove(lesson, out MediaLoop? loop) ? loop : null;
        }
    }

    /// <summary>Asks one loop after the other until one has an answer.</summary>
    public async Task<T?> AskAllAsync<T>(Func<MediaLoop, T?> question)
        where T : class
    {
        foreach (MediaLoop loop in Volatile.Read(ref _loops))
        {
            if (await loop.Ask(() => question(loop)) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    public void Stop()
    {
        foreach (MediaLoop loop in Volatile.Read(ref _loops))
        {
            loop.Stop();
        }
    }

    public void Dispose()
    {
        foreach (MediaLoop loop in Volatile.Read(ref _loops))
        {
            loop.Dispose();
        }
    }

    private bool TryBegin(int index)
    {
        if (create(index) is not { } loop)
        {
            return false;
        }

        loop.Start();
        Volatile.Write(ref _loops, [.. _loops, loop]);
        return true;
    }
}
