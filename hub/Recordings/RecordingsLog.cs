namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Log events 4100–4199. Ids are never used again.</summary>
internal static partial class RecordingsLog
{
    [LoggerMessage(4100, LogLevel.Information, "Recording {Stream} of lesson {Lesson} as {File}")]
    public static partial void Began(ILogger log, Guid lesson, string stream, string file);

    [LoggerMessage(4101, LogLevel.Information, "Recording {File} is closed: {Duration}, {Bytes} bytes")]
    public static partial void Closed(ILogger log, string file, TimeSpan duration, long bytes);

    [LoggerMessage(4102, LogLevel.Information, "Recording {File} has its index")]
    public static partial void Indexed(ILogger log, string file);

    [LoggerMessage(4103, LogLevel.Warning, "Recording {File} could not be given an index and is kept as recorded: {Fault}")]
    public static partial void IndexFailed(ILogger log, string file, string fault);

    [LoggerMessage(4104, LogLevel.Error, "Recording of {Stream} in lesson {Lesson} failed")]
    public static partial void Failed(ILogger log, Exception fault, Guid lesson, string stream);

    [LoggerMessage(4105, LogLevel.Error, "Nothing more is recorded: only {FreeMb} MiB are free")]
    public static partial void DiskFull(ILogger log, long freeMb);

    [LoggerMessage(4106, LogLevel.Warning, "Recording {File} was left open by an earlier run and is closed now")]
    public static partial void Recovered(ILogger log, string file);

    [LoggerMessage(4107, LogLevel.Warning, "{Count} packets of {Stream} could not be recorded: the disk is too slow")]
    public static partial void Dropped(ILogger log, long count, string stream);

    [LoggerMessage(4109, LogLevel.Warning, "Recording {File} had no entry and has one now")]
    public static partial void Found(ILogger log, string file);

    [LoggerMessage(4110, LogLevel.Warning, "Recording {File} has no picture although one was sent: {Reason}")]
    public static partial void NoPicture(ILogger log, string file, string reason);

    [LoggerMessage(4108, LogLevel.Warning, "A note on a recording could not be kept and is tried again")]
    public static partial void CatalogueFault(ILogger log, Exception fault);
}
