using System.Diagnostics;
using System.Runtime.InteropServices;
using ThreeClassrooms.Media.Srtp;

namespace ThreeClassrooms.Benchmarks;

/// <summary>
/// What one packet costs to protect and to unprotect, sessions included, and what libcrypto alone would take for the cipher.
/// The best of many short runs: other work on the machine makes single runs slower, never faster.
/// </summary>
internal static unsafe class SrtpCost
{
    private const int Batch = 1000;
    private const int Runs = 400;
    private static readonly int[] Sizes = [100, 500, 1100];

    public static void Run()
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, processor instructions: {AesNi.IsSupported}");
        Console.WriteLine("profile           bytes   protect   unprotect   libcrypto EVP   (ns per packet)");
        foreach (var profile in new[] { SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmSha1 })
        {
            foreach (var size in Sizes)
            {
                var (protect, unprotect) = Sessions(profile, size);
                Console.WriteLine($"{profile,-16} {size,6} {protect,9:F0} {unprotect,11:F0} {Libcrypto(profile, size),15:F0}");
            }
        }
    }

    private static (double Protect, double Unprotect) Sessions(SrtpProfile profile, int size)
    {
        var keys = new SrtpKeys(profile, new byte[16], new byte[SrtpKeys.SaltLength(profile)]);
        using var sender = new SrtpSender(keys);
        using var receiver = new SrtpReceiver(keys);
        var wires = new byte[Batch][];
        var lengths = new int[Batch];
        for (var i = 0; i < Batch; i++)
        {
            wires[i] = new byte[size + 32];
        }

        var header = new byte[12];
        (header[0], header[11]) = (0x80, 1);
        var payload = new byte[size - header.Length];
        ushort sequence = 0;
        return Best(
            () =>
            {
                for (var i = 0; i < Batch; i++)
                {
                    sequence = unchecked((ushort)(sequence + 1));
                    (header[2], header[3]) = ((byte)(sequence >> 8), unchecked((byte)sequence));
                    lengths[i] = sender.ProtectRtp(header, payload, wires[i]);
                }
            },
            () =>
            {
                for (var i = 0; i < Batch; i++)
                {
                    if (receiver.UnprotectRtp(wires[i].AsSpan(0, lengths[i]), out _) != SrtpError.None)
                    {
                        throw new InvalidOperationException($"packet {i} was refused");
                    }
                }
            });
    }

    private static double Libcrypto(SrtpProfile profile, int size)
    {
        var data = new byte[size + 32];
        var iv = new byte[16];
        using var gcm = new EvpGcm(new byte[16], encrypt: true);
        using var ctr = new EvpCtr(new byte[16]);
        return Best(
            () =>
            {
                fixed (byte* d = data, v = iv)
                {
                    for (var i = 0; i < Batch; i++)
                    {
                        if (profile == SrtpProfile.AeadAes128Gcm)
                        {
                            gcm.Seal(v, new ReadOnlySpan<byte>(d, 12), d + 12, d + 12, size - 12, d + size);
                        }
                        else
                        {
                            ctr.Xor(v, d + 12, d + 12, size - 12);
                        }
                    }
                }
            },
            () => { }).First;
    }

    private static (double First, double Second) Best(Action first, Action second)
    {
        var (a, b) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            first();
            var middle = Stopwatch.GetTimestamp();
            second();
            a = Math.Min(a, Stopwatch.GetElapsedTime(start, middle).TotalNanoseconds / Batch);
            b = Math.Min(b, Stopwatch.GetElapsedTime(middle).TotalNanoseconds / Batch);
        }

        return (a, b);
    }
}
