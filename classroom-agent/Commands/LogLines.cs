using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>One record, one line: time, level, message; an exception follows in lines that cannot be taken for records. See <see cref="LogText"/>.</summary>
internal sealed class LogLines(string template) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _line = new(template, CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _line.Format(logEvent, line);
        output.Write(LogText.OneLine(line.ToString()));
        output.Write('\n');
        if (logEvent.Exception is { } fault)
        {
            output.Write(LogText.Block(fault.ToString()));
        }
    }
}
