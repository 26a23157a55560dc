namespace ThreeClassrooms.Media.Srtp;

/// <summary>One direction's master key (16 bytes) and master salt (14 bytes, or 12 for GCM). The owner clears both after the ciphers are keyed.</summary>
internal readonly record struct SrtpKeys(SrtpProfile Profile, byte[] Key, byte[] Salt)
{
    public const int KeyLength = 16;

    public static int SaltLength(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm ? 12 : 14;

    public void Clear()
    {
        Array.Clear(Key);
        Array.Clear(Salt);
    }
}
