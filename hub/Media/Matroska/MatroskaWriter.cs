using System.Buffers;
using System.Buffers.Binary;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>
/// Writes an append-only Matroska stream (RFC 9559): a segment of unknown size, tracks, then clusters of simple blocks. Nothing written is ever
/// changed, so that whatever reached the disk before a crash plays up to its last whole cluster. One owner.
/// <para>
/// The head waits for the first key frame, which holds the codec configuration; after <see cref="MatroskaOptions.HeaderWait"/> of sound alone it is
/// written with a nominal configuration, and pictures follow when they come. H.264 parameter sets stay in the key frames as they came, so that
/// a late picture and a change of resolution play without a new file.
/// </para>
/// </summary>
public sealed class MatroskaWriter
{
    // Frames kept while the head waits: 3 s of Opus at 10 ms with room.
    private const int MaxEarly = 512;

    private readonly MatroskaOptions _options;
    private readonly EbmlBuffer _pending = new();
    private readonly EbmlBuffer _cluster = new();
    private readonly List<(byte[] Packet, long At)> _early = [];
    private bool _headWritten;
    private bool _pictureSeen;
    private bool _clusterOpen;
    private long _clusterAt;
    private long _clusterOpened;
    private long _lastVideo = -1;
    private long _lastAudio = -1;
    private long? _waitingSince;

    public MatroskaWriter(MatroskaOptions options)
    {
        if (options.Video is CodecKind.Opus || (options.Video is null && !options.Audio))
        {
            throw new ArgumentException("A recording needs a video codec, or sound, or both", nameof(options));
        }

        _options = options;
    }

    /// <summary>The time of the newest frame taken.</summary>
    public TimeSpan End => TimeSpan.FromMilliseconds(Math.Max(0, Math.Max(_lastVideo, _lastAudio)));

    /// <summary>A picture was written.</summary>
    public bool HasPicture => _pictureSeen;

    /// <summary>The head is written: tracks are fixed.</summary>
    public bool HasHead => _headWritten;

    /// <summary>Takes a whole frame. Frames before the first key frame are left out.</summary>
    /// <param name="frame">As <see cref="Payload.FrameAssembler"/> gives it; copied.</param>
    /// <param name="at">On the recording's timeline; not after the track's last frame counts as 1 ms after it: no two share a time.</param>
    public void OnVideo(ReadOnlySpan<byte> frame, TimeSpan at, bool isKey)
    {
        if (_options.Video is not { } codec)
        {
            return;
        }

        long time = _lastVideo = Math.Max(_lastVideo + 1, Milliseconds(at));
        if (!_pictureSeen && (!isKey || VideoHead.From(codec, frame) is not { } head || !(_headWritten || WriteHead(head))))
        {
            return;
        }

        _pictureSeen = true;
        Block(TrackHeads.VideoTrack, frame, time, isKey);
    }

    /// <param name="packet">One Opus packet; copied.</param>
    /// <param name="at">On the recording's timeline; not after the track's last packet counts as 1 ms after it.</param>
    public void OnAudio(ReadOnlySpan<byte> packet, TimeSpan at)
    {
        if (!_options.Audio)
        {
            return;
        }

        long time = _lastAudio = Math.Max(_lastAudio + 1, Milliseconds(at));
        if (!_headWritten && !MayBeginWithSound(time))
        {
            if (_early.Count < MaxEarly)
            {
                _early.Add((packet.ToArray(), time));
            }

            return;
        }

        Block(TrackHeads.AudioTrack, packet, time, isKey: true);
    }

    /// <summary>Closes a cluster that has become old although no frame came. Call about once a second.</summary>
    public void OnTime(TimeSpan now)
    {
        if (_clusterOpen && Milliseconds(now) - _clusterOpened >= (long)_options.ClusterLength.TotalMilliseconds)
        {
            CloseCluster();
        }
    }

    /// <summary>Closes the last cluster. Frames may still follow; they begin another.</summary>
    public void Finish() => CloseCluster();

    /// <summary>Moves what is ready to be appended to the file or pipe into <paramref name="output"/>.</summary>
    /// <returns>Bytes moved; 0 when nothing is ready.</returns>
    public int Take(IBufferWriter<byte> output)
    {
        int length = _pending.Length;
        output.Write(_pending.Written);
        _pending.Clear();
        return length;
    }

    private static long Milliseconds(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);

    private bool MayBeginWithSound(long now)
    {
        _waitingSince ??= now;
        bool ready = _options.Video is null || now - _waitingSince >= (long)_options.HeaderWait.TotalMilliseconds;
        return ready && WriteHead(_options.Video is { } codec ? VideoHead.Nominal(codec) : null);
    }

    private bool WriteHead(VideoHead? head)
    {
        TrackHeads.Write(_pending, _options, head);
        _headWritten = true;
        foreach ((byte[] packet, long at) in _early)
        {
            Block(TrackHeads.AudioTrack, packet, at, isKey: true);
        }

        _early.Clear();
        return true;
    }

    // track number (1 byte) | time relative to the cluster (2 bytes, signed) | flags (1 byte, 0x80: key) | frame
    private void Block(byte track, ReadOnlySpan<byte> frame, long at, bool isKey)
    {
        bool cut = isKey && track == TrackHeads.VideoTrack;
        if (_clusterOpen && (cut || at - _clusterOpened >= (long)_options.ClusterLength.TotalMilliseconds))
        {
            CloseCluster();
        }

        if (!_clusterOpen)
        {
            OpenCluster(at);
        }

        EbmlBuffer output = _options.Live ? _pending : _cluster;
        Span<byte> head = stackalloc byte[4];
        head[0] = (byte)(0x80 | track);
        BinaryPrimitives.WriteInt16BigEndian(head[1..], (short)Math.Clamp(at - _clusterAt, short.MinValue, short.MaxValue));
        head[3] = isKey ? (byte)0x80 : (byte)0;
        output.Id(EbmlId.SimpleBlock);
        output.Size(head.Length + frame.Length);
        output.Bytes(head);
        output.Bytes(frame);
    }

    private void OpenCluster(long at)
    {
        // Not later than the other track's newest frame, so that its next one does not lie before the cluster; never before the cluster before it.
        long other = _pictureSeen && _options.Audio ? Math.Min(_lastVideo, _lastAudio) : at;
        _clusterAt = Math.Max(_clusterAt, at - other is >= 0 and < 5000 ? other : at);
        _clusterOpened = at;
        _clusterOpen = true;
        if (_options.Live)
        {
            _pending.UnknownSize(EbmlId.Cluster);
            _pending.Unsigned(EbmlId.Timestamp, (ulong)_clusterAt);
        }
        else
        {
            _cluster.Clear();
            _cluster.Unsigned(EbmlId.Timestamp, (ulong)_clusterAt);
        }
    }

    private void CloseCluster()
    {
        if (_clusterOpen && !_options.Live)
        {
            _pending.Master(EbmlId.Cluster, _cluster);
        }

        _clusterOpen = false;
    }
}
