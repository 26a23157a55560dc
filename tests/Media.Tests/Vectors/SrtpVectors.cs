namespace ThreeClassrooms.Media.Tests.Vectors;

internal static class SrtpVectors
{
    // RFC 3711 B.3
    public static byte[] MasterKey => Convert.FromHexString("E1F97A0D3E018BE0D64FA32C06DE4139");

    public static byte[] MasterSalt => Convert.FromHexString("0EC675AD498AFEEBB6960B3AABE6");

    // RFC 7714 §16, §17
    public static byte[] GcmKey => Convert.FromHexString("000102030405060708090a0b0c0d0e0f");

    public static byte[] GcmSalt => Convert.FromHexString("517569642070726f2071756f");

    public static byte[] GcmRtp => Convert.FromHexString(
        "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");

    public static byte[] GcmSrtp => Convert.FromHexString(
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
        + "899d7f27beb16a9152cf765ee4390cce");

    public static byte[] GcmRtcp => Convert.FromHexString(
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");

    public static byte[] GcmSrtcp => Convert.FromHexString(
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
        + "c84aa45896cf4d2fc5abf87245d9eade800005d4");
}
