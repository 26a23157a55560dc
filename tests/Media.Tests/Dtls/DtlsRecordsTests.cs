using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Media.Tests.Dtls;

public sealed class DtlsRecordsTests
{
    private static readonly byte[] Handshake = [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1];

    [Fact]
    public void WholeRecords_AreSound_AndATornTailIsCutOff()
    {
        Assert.Equal(15, DtlsRecords.SoundLength(Handshake));
        Assert.Equal(30, DtlsRecords.SoundLength([.. Handshake, .. Handshake]));
        Assert.Equal(15, DtlsRecords.SoundLength([.. Handshake, .. Handshake[..14]]));
    }

    [Fact]
    public void EncryptedRecordWithoutRoomForItsTag_IsNot()
    {
        byte[] Encrypted(int length) => [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 9, 0, (byte)length, .. new byte[length]];

        Assert.Equal(0, DtlsRecords.SoundLength(Encrypted(5)));
        Assert.Equal(0, DtlsRecords.SoundLength(Encrypted(24)));
        Assert.Equal(39, DtlsRecords.SoundLength(Encrypted(26)));
    }

    [Fact]
    public void AnyBytes_GiveALengthWithinThem() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            Assert.InRange(DtlsRecords.SoundLength(bytes), 0, bytes.Length);
            Assert.InRange(DtlsRecords.SoundLength([.. Handshake, .. bytes]), 15, 15 + bytes.Length);
        }).QuickCheckThrowOnFailure();
}
