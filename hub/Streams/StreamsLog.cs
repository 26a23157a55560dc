using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>Log events 4000–4099. Ids are never used again.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(4000, LogLevel.Information, "Media on UDP port {Port} at {Addresses}; over TCP: {Tcp}")]
    public static partial void Listening(ILogger log, int port, string addresses, bool tcp);

    [LoggerMessage(4001, LogLevel.Information, "Publisher of {Stream} in lesson {Lesson} is up, seat {Seat}, {Codec}, DTLS profile {Profile}")]
    public static partial void PublisherUp(ILogger log, Guid lesson, string stream, string seat, string codec, string profile);

    [LoggerMessage(4002, LogLevel.Information, "Publisher of {Stream} in lesson {Lesson} is gone: {Reason}")]
    public static partial void PublisherDown(ILogger log, Guid lesson, string stream, PeerCloseReason reason);

    [LoggerMessage(4003, LogLevel.Debug, "Seat {Seat} watches {Stream} in lesson {Lesson}")]
    public static partial void WatcherUp(ILogger log, Guid lesson, string stream, string seat);

    [LoggerMessage(4004, LogLevel.Debug, "Seat {Seat} no longer watches {Stream} in lesson {Lesson}: {Reason}")]
    public static partial void WatcherDown(ILogger log, Guid lesson, string stream, string seat, PeerCloseReason reason);

    [LoggerMessage(4005, LogLevel.Error, "The media loop met a fault and goes on")]
    public static partial void LoopFault(ILogger log, Exception fault);

    [LoggerMessage(4006, LogLevel.Warning, "Media loop {Loop} is {Level} at {Busy:F0} % busy")]
    public static partial void LoadChanged(ILogger log, int loop, string level, double busy);

    [LoggerMessage(4007, LogLevel.Debug, "An offer for {Stream} in lesson {Lesson} was refused: {Code}")]
    public static partial void Refused(ILogger log, Guid lesson, string stream, string code);

    [LoggerMessage(4008, LogLevel.Debug, "Watcher {Seat} of {Stream} is closed: the new publisher's codec differs")]
    public static partial void CodecChanged(ILogger log, string stream, string seat);

    [LoggerMessage(4009, LogLevel.Warning, "UDP port {Port} is taken: no more than {Loops} media loops run, each with its share of the lessons")]
    public static partial void LoopPortTaken(ILogger log, Exception fault, int port, int loops);

    [LoggerMessage(4030, LogLevel.Warning, "{Stream} of lesson {Lesson} sends far more than it was told to: what is beyond goes to nobody")]
    public static partial void PublisherTooFast(ILogger log, Guid lesson, string stream);

    [LoggerMessage(4011, LogLevel.Warning, "{Stream} of seat {Seat} in lesson {Lesson} cannot be seen or heard as it should: {Trouble}")]
    public static partial void InTrouble(ILogger log, Guid lesson, string stream, string seat, string trouble);

    [LoggerMessage(4012, LogLevel.Information, "{Stream} in lesson {Lesson} is as it should be again")]
    public static partial void TroubleOver(ILogger log, Guid lesson, string stream);

    [LoggerMessage(4013, LogLevel.Information, "Publisher of {Stream} in lesson {Lesson} goes on under a new source or with new numbers")]
    public static partial void NewSource(ILogger log, Guid lesson, string stream);

    [LoggerMessage(4010, LogLevel.Warning, "{Count} TCP connections were refused ({Reason}), the last one from {Address}")]
    public static partial void ConnectionsRefused(ILogger log, int count, string reason, string address);
}
