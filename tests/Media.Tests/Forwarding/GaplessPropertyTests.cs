using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>Whatever happens on the publisher's side, a watcher's numbers have no hole that the hub made and none is used twice.</summary>
public sealed class GaplessPropertyTests
{
    [Fact]
    public void NumbersHaveNoHolesAndNoDoubles_UnderAnyOrderPauseSwitchRestartAndWrap() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int[]>().Filter(a => a.Length > 0),
            ArbMap.Default.ArbFor<ushort>(),
            (steps, first) => Run(steps, first)).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(400));

    [Fact]
    public void NumbersWrap_WithoutAHole()
    {
        var world = new World(firstSequence: 65_000);
        for (int i = 0; i < 70_000; i++)
        {
            world.Send(i % 2000 == 0);
        }

        world.Watcher.PumpAll(world.Now);
        AssertGapless(world.Watcher.Video);
        Assert.InRange(world.Watcher.Video.Count, 70_000, 70_010); // the frame at which the layer was changed comes from both
    }

    private static void Run(int[] steps, ushort first)
    {
        var world = new World(first);
        foreach (int step in steps)
        {
            world.Do(Math.Abs(step % 100));
        }

        world.Deliver();
        world.Watcher.PumpAll(world.Now);
        AssertGapless(world.Watcher.Video);
        AssertGapless(world.Watcher.Audio);
    }

    /// <summary>As a set: reordering may stay, holes may not. What the publisher's side lost for good is counted by the world.</summary>
    private static void AssertGapless(List<Got> packets)
    {
        if (packets.Count == 0)
        {
            return;
        }

        long unwrapped = packets[0].Sequence;
        var seen = new SortedSet<long>();
        foreach (Got packet in packets)
        {
            unwrapped += unchecked((short)(packet.Sequence - (ushort)(unwrapped & 0xFFFF)));
            Assert.True(seen.Add(unwrapped), "a number was used twice");
        }

        Assert.Equal(seen.Max - seen.Min + 1, seen.Count);
    }

    private sealed class World(ushort firstSequence)
    {
        private readonly List<byte[]> _held = [];
        private FakePublisher _publisher = new(1, firstSequence, "q", "h");
        private uint _generation = 1;
        private int _sinceKey;
        private bool _attached;

        public FakeWatcher Watcher { get; } = new();

        public MonoTime Now { get; private set; } = new(5_000_000_000);

        public void Do(int step)
        {
            switch (step)
            {
                case < 60:
                    Send(key: _sinceKey++ > 12);
                    break;
                case < 70: // a packet that will come late
                    _held.Add(_publisher.Video(Now, rid: "h"));
                    break;
                case < 78:
                    Deliver();
                    break;
                case < 83:
                    Watcher.Subscription.SetPassage(new Passage(step % 2 == 0, step % 3 == 0));
                    break;
                case < 88:
                    Deliver(); // a budget below the upper layer, or none: a layer switch
                    Watcher.Subscription.SetVideoBudget(step % 2 == 0 ? 1 : long.MaxValue);
                    break;
                case < 92:
                    Restart();
                    break;
                default:
                    Now += TimeSpan.FromMilliseconds(step * 7);
                    break;
            }

            Watcher.Pump(Now);
        }

        public void Send(bool key)
        {
            if (!_attached)
            {
                _attached = true;
                Watcher.Watching(_publisher);
            }

            _sinceKey = key ? 0 : _sinceKey;
            foreach (string rid in (string[])["q", "h"])
            {
                _publisher.Stream.OnRtp(_publisher.Video(Now, key, rid: rid, size: rid == "q" ? 60 : 400), Now);
            }

            _publisher.Stream.OnRtp(_publisher.Audio(Now), Now);
            Now += TimeSpan.FromMilliseconds(10);
            Watcher.Pump(Now);
        }

        public void Deliver()
        {
            foreach (byte[] packet in Enumerable.Reverse(_held))
            {
                _publisher.Stream.OnRtp(packet, Now);
            }

            _held.Clear();
        }

        private void Restart()
        {
            Deliver();
            Watcher.Pump(Now);
            _publisher = new FakePublisher(++_generation, (ushort)(firstSequence + (_generation * 31_000)), "q", "h");
            Watcher.Subscription.Attach(null);
            Watcher.Subscription.Attach(_publisher.Stream);
        }
    }
}
