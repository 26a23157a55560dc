using System.Globalization;
using System.Text;
using QRCoder;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>A QR code (ISO/IEC 18004, level L) as ASS drawings: a white ground with its quiet zone, and the dark modules on it. Pure.</summary>
internal static class QrDrawing
{
    /// <param name="left">Of the ground, in the card's units.</param>
    /// <param name="side">Of the ground; the modules are as large as whole units allow.</param>
    public static string Of(string text, int left, int top, int side)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        int modules = code.ModuleMatrix.Count, unit = Math.Max(1, side / modules), ground = unit * modules;
        var drawing = new StringBuilder();
        drawing.Append(CultureInfo.InvariantCulture, $"{{\\an7\\pos({left},{top})\\bord0\\shad0\\1c&HFFFFFF&\\p1}}m 0 0 l {ground} 0 {ground} {ground} 0 {ground}{{\\p0}}\n");
        drawing.Append(CultureInfo.InvariantCulture, $"{{\\an7\\pos({left},{top})\\bord0\\shad0\\1c&H000000&\\p1}}");
        // Nothing dark lies at the edges: an invisible frame keeps the drawing's origin where the ground's is.
        drawing.Append("m 0 0 l 0 0");
        for (int y = 0; y < modules; y++)
        {
            for (int x = 0; x < modules; x++)
            {
                int from = x;
                while (x < modules && code.ModuleMatrix[y][x])
                {
                    x++;
                }

                if (x > from)
                {
                    int l = from * unit, r = x * unit, t = y * unit, b = (y + 1) * unit;
                    drawing.Append(CultureInfo.InvariantCulture, $" m {l} {t} l {r} {t} {r} {b} {l} {b}");
                }
            }
        }

        return drawing.Append("{\\p0}\n").ToString();
    }
}
