using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Benchmarks;

/// <summary>One thread that drives all clients of a measurement, with a nap of a millisecond when there is nothing to do.</summary>
internal sealed class LoadThread
{
    private readonly Lock _gate = new();
    private readonly List<LoadPeer> _peers = [];
    private readonly List<LoadPeer> _publishers = [];
    private readonly List<LoadSource> _sources = [];
    private readonly Thread _thread;
    private volatile bool _stop;

    public LoadThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "load" };
        _thread.Start();
    }

    public long Received
    {
        get
        {
            lock (_gate)
            {
                return _peers.Sum(p => p.Received);
            }
        }
    }

    public void Publish(LoadPeer peer)
    {
        lock (_gate)
        {
            _peers.Add(peer);
            _publishers.Add(peer);
        }
    }

    public void Watch(LoadPeer peer)
    {
        lock (_gate)
        {
            _peers.Add(peer);
        }
    }

    /// <summary>Of all peers; see <see cref="LoadPeer.Missing"/>.</summary>
    public long Missing
    {
        get
        {
            lock (_gate)
            {
                return _peers.Sum(p => p.Missing);
            }
        }
    }

    /// <summary>Begins or ends taking delays.</summary>
    public void Measure(bool on)
    {
        lock (_gate)
        {
            foreach (LoadPeer peer in _peers)
            {
                peer.Delays = on ? new List<double>(100_000) : peer.Delays;
            }
        }
    }

    public List<double> Delays()
    {
        lock (_gate)
        {
            return [.. _peers.SelectMany(p => p.Delays ?? []).Order()];
        }
    }

    public async Task AllConnectedAsync()
    {
        for (int i = 0; i < 300; i++)
        {
            lock (_gate)
            {
                if (_peers.TrueForAll(p => p.IsConnected))
                {
                    return;
                }
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("Not all clients could connect");
    }

    public void Stop()
    {
        _stop = true;
        _thread.Join();
        _peers.ForEach(p => p.Dispose());
    }

    private void Run()
    {
        while (!_stop)
        {
            bool any = false;
            lock (_gate)
            {
                MonoTime now = MonoClock.Now;
                foreach (LoadPeer peer in _peers)
                {
                    any |= peer.Turn(now);
                }

                for (int i = _publishers.Count - 1; i >= 0; i--)
                {
                    if (_publishers[i].IsConnected)
                    {
                        _sources.Add(new LoadSource(_publishers[i], now));
                        _publishers.RemoveAt(i);
                    }
                }

                foreach (LoadSource source in _sources)
                {
                    source.Turn(now);
                }
            }

            if (!any)
            {
                Thread.Sleep(1);
            }
        }
    }
}
