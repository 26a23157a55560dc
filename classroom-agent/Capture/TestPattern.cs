using System.Globalization;
using System.Text;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// The generated test picture and tone. The upper eighth carries the moment of the frame, UTC milliseconds modulo 2³², least
/// significant bit left: 32 cells in an upper row and their complement in the row below, so that a reader can tell a picture
/// with the pattern from one without. Below it, left, a patch an eighth wide flashes white for the first 100 ms of each
/// second of the stream, while a 1 kHz tone sounds: what a viewer sees and hears apart is the lip skew.
/// </summary>
internal static class TestPattern
{
    public const int Cells = 32;

    /// <summary>Rows of cells are this part of the picture's height.</summary>
    public const int RowParts = 16;

    /// <summary>Length of flash and tone in milliseconds.</summary>
    public const int BeepMs = 100;

    /// <summary>A lavfi graph with outputs out0 (video) and out1 (audio, 48 kHz mono), started together.</summary>
    public static string Graph(int width, int height, int framesPerSecond)
    {
        var graph = new StringBuilder();
        graph.Append(CultureInfo.InvariantCulture, $"testsrc2=size={width}x{height}:rate={framesPerSecond},");
        // Time becomes the wall clock's while the cells are drawn, then the stream's own again.
        graph.Append("setpts=PTS-STARTPTS+RTCSTART/(TB*1000000),drawbox=x=0:y=0:w=iw:h=ih/8:color=black:t=fill");
        for (int bit = 0; bit < Cells; bit++)
        {
            string value = string.Create(CultureInfo.InvariantCulture, $"mod(floor(t*1000/{1UL << bit})\\,2)");
            string box = string.Create(CultureInfo.InvariantCulture, $"drawbox=x=iw*{bit}/{Cells}:w=iw/{Cells}:h=ih/{RowParts}:color=white:t=fill");
            graph.Append(CultureInfo.InvariantCulture, $",{box}:y=0:enable='{value}',{box}:y=ih/{RowParts}:enable='1-{value}'");
        }

        string patch = "drawbox=x=0:y=ih/8:w=iw/8:h=ih/8:t=fill";
        graph.Append(CultureInfo.InvariantCulture, $",setpts=PTS-STARTPTS,{patch}:color=black,{patch}:color=white:enable='lt(mod(t\\,1)\\,{Beep})'[out0];");
        graph.Append(CultureInfo.InvariantCulture, $"aevalsrc='0.5*lt(mod(t,1),{Beep})*sin(2*PI*1000*t)':s=48000[out1]");
        return graph.ToString();
    }

    private static string Beep => (BeepMs / 1000.0).ToString(CultureInfo.InvariantCulture);
}
