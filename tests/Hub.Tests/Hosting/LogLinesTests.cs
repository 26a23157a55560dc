using System.Globalization;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

/// <summary>Nothing that stands in a logged value, or in an exception, can look like a record of its own.</summary>
public sealed class LogLinesTests
{
    private const string Forged = "camera\n2026-09-07 08:00:00.000 +08:00 [INF] Account admin signed in\r\u2028\u001b[2K";

    [Fact]
    public void NewlineInAPartsName_StaysInItsLine()
    {
        string[] lines = Written(log => log.IssueRaised("agt-aaaaaaaaaa", IssueKind.CameraMissing, Forged, DateTimeOffset.UnixEpoch));
        Assert.Contains(@"agt-aaaaaaaaaa: CameraMissing camera\n2026-09-07", Assert.Single(lines), StringComparison.Ordinal); // plain words, no JSON
        Assert.DoesNotContain('\u001b', lines[0]);
    }

    [Fact]
    public void NewlineInAnExceptionsMessage_ContinuesItsRecord()
    {
        string[] lines = Written(log => log.StepFailed(new InvalidOperationException(Forged)));
        Assert.True(lines.Length > 1);
        Assert.All(lines.Skip(1), l => Assert.StartsWith(LogText.Continued, l, StringComparison.Ordinal));
    }

    [Fact]
    public void AnyText_IsOneLine() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string>(
        text => !LogText.OneLine(text ?? "").Any(c => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029')));

    private static string[] Written(Action<Microsoft.Extensions.Logging.ILogger> write)
    {
        var sink = new Lines();
        using Logger serilog = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddSerilog(serilog));
        write(factory.CreateLogger("test"));
        return sink.Text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Lines : ILogEventSink
    {
        private readonly LogLines _format = new("{Timestamp:HH:mm:ss} [{Level:u3}] {Message:l}");

        public StringWriter Text { get; } = new(CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent) => _format.Format(logEvent, Text);
    }
}
