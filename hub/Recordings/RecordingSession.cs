using System.Buffers;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Opens the file for a publisher; null: there is no room to record.</summary>
internal delegate RecordingPart? OpenPart(StreamKey key, in TapItem publisher, MonoTime start);

/// <summary>One stream's recording from begin to end, over one or several files. Belongs to the recording thread.</summary>
internal sealed class RecordingSession(TapQueue queue, OpenPart open, Action<RecordingPart, long> close)
{
    private RecordingPart? _part;

    public StreamKey Key => queue.Key;

    /// <summary>Takes what has come and appends what is ready.</summary>
    /// <param name="end">The hub stops: the file is closed.</param>
    /// <returns>False when the recording is over.</returns>
    public bool Serve(MonoTime now, bool end)
    {
        while (queue.TryTake(out TapItem item))
        {
            switch (item.Kind)
            {
                case TapItemKind.Publisher:
                    OnPublisher(item, now);
                    break;
                case TapItemKind.Packet:
                    _part?.OnPacket(item);
                    ArrayPool<byte>.Shared.Return(item.Payload!);
                    break;
                case TapItemKind.ParameterSets:
                    _part?.OnParameterSets(item.Sets!);
                    break;
                case TapItemKind.Clock:
                    _part?.OnClock(item);
                    break;
                case TapItemKind.End:
                    end = true;
                    break;
            }
        }

        if (end)
        {
            ClosePart();
            return false;
        }

        _part?.OnTime(now);
        return true;
    }

    /// <summary>After a fault of the disk: what has been written stays for the next start to close.</summary>
    public void Abandon()
    {
        _part?.Dispose();
        _part = null;
    }

    private void OnPublisher(in TapItem item, MonoTime now)
    {
        StreamDescription description = item.Description!;
        if (_part is { } part && part.VideoCodec == description.Video?.Codec.Kind && part.HasAudio == description.Audio is not null)
        {
            part.OnRestart();
            return;
        }

        ClosePart();
        _part = open(queue.Key, item, now);
    }

    private void ClosePart()
    {
        if (_part is { } part)
        {
            close(part, queue.Dropped);
            _part = null;
        }
    }
}
