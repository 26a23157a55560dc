using System.Globalization;
using System.Text;
using QRCoder;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>A QR code (ISO/IEC 18004, level M) as one SVG path: one unit per module, the quiet zone included.</summary>
/// <param name="Size">Modules per side, with four of quiet zone on each side.</param>
internal sealed record QrPath(int Size, string Path)
{
    /// <param name="text">Up to some 2,000 letters.</param>
    public static QrPath Of(string text)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (int y = 0; y < code.ModuleMatrix.Count; y++)
        {
            for (int x = 0; x < code.ModuleMatrix[y].Length; x++)
            {
                if (code.ModuleMatrix[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return new QrPath(code.ModuleMatrix.Count, path.ToString());
    }
}
