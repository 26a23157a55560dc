using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Tests.Playback;

/// <summary>Gray pictures as the verifier gets them of the test pattern.</summary>
internal static class PatternPictures
{
    public static byte[] Draw(uint stamp, bool flash)
    {
        byte[] gray = new byte[PatternReader.Width * PatternReader.Height];
        gray.AsSpan().Fill(100);
        for (int y = 0; y < 22; y++)
        {
            for (int x = 0; x < PatternReader.Width; x++)
            {
                bool set = (stamp >> (x / 5) & 1) != 0;
                bool upper = y < 5;
                gray[(y * PatternReader.Width) + x] = y >= 11 ? (byte)(x < 20 && flash ? 250 : x < 20 ? 5 : 100) : set == upper ? (byte)235 : (byte)16;
            }
        }

        return gray;
    }
}
