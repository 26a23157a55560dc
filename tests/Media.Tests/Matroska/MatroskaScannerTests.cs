using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Tests.Payload;

namespace ThreeClassrooms.Media.Tests.Matroska;

public sealed class MatroskaScannerTests
{
    [Fact]
    public void FileOfAnotherWriter_IsScanned_InPiecesOfAnySize()
    {
        byte[] file = SampleMedia.Webm;
        (long Blocks, TimeSpan End) whole = default;
        foreach (int size in new[] { file.Length, 70_000, 4096, 17, 1 })
        {
            var scanner = new MatroskaScanner();
            for (int at = 0; at < file.Length; at += size)
            {
                scanner.Feed(file.AsSpan(at, Math.Min(size, file.Length - at)));
            }

            Assert.Equal(["V_VP8", "A_OPUS"], scanner.Codecs);
            Assert.InRange(scanner.End.TotalSeconds, 3.9, 4.1);
            whole = whole == default ? (scanner.Blocks, scanner.End) : whole;
            Assert.Equal(whole, (scanner.Blocks, scanner.End));
        }

        Assert.Equal(100, SampleMedia.Vp8.Count);
    }

    [Fact]
    public void AnyBytes_AreScannedOrRefused() => Prop.ForAll<byte[], int>((bytes, seed) =>
    {
        var scanner = new MatroskaScanner();
        scanner.Feed(bytes);

        byte[] bent = [.. SampleMedia.Webm.AsSpan(0, 5000)];
        var random = new Random(seed);
        for (int i = 0; i < 20; i++)
        {
            bent[random.Next(bent.Length)] = (byte)random.Next(256);
        }

        var other = new MatroskaScanner();
        other.Feed(bent);
        return scanner.WholeLength <= bytes.Length && other.WholeLength <= bent.Length;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
