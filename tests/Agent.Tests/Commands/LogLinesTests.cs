using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;
using ThreeClassrooms.Agent.Commands;

namespace ThreeClassrooms.Agent.Tests.Commands;

public sealed class LogLinesTests
{
    [Fact]
    public void NewlineInAValue_StaysInItsLine()
    {
        var record = new LogEvent(
            DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse("Camera {Name}"),
            [new LogEventProperty("Name", new ScalarValue("BRIO\n00:00:00.000 INF Lesson joined"))]);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        new LogLines("{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:l}").Format(record, output);
        Assert.Equal("00:00:00.000 INF Camera BRIO\\n00:00:00.000 INF Lesson joined\n", output.ToString());
    }
}
