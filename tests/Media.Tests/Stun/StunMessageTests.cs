using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Tests.Vectors;

namespace ThreeClassrooms.Media.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes(StunVectors.Password);

    [Fact]
    public void SampleRequest_IsReadAndAuthentic()
    {
        Assert.Equal(StunError.None, StunMessage.TryRead(StunVectors.Request, out var message));

        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMessage.Binding, message.Fields.Method);
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(message.Username));
        Assert.Equal(0x6E0001FFu, message.Fields.Priority);
        Assert.Equal(0x932FF9B151263B36UL, message.Fields.Controlled);
        Assert.True(message.Fields.HasFingerprint);
        Assert.True(message.IsAuthentic(Key));
        Assert.False(message.IsAuthentic("another password here"u8));
    }

    [Fact]
    public void SampleResponses_ShowTheMappedAddress()
    {
        Assert.Equal(StunError.None, StunMessage.TryRead(StunVectors.ResponseIPv4, out var four));
        Assert.Equal(StunError.None, StunMessage.TryRead(StunVectors.ResponseIPv6, out var six));

        Assert.Equal(StunClass.Success, four.Class);
        Assert.Equal(TransportAddress.FromIPv4(0xC0000201, 32853), four.Fields.Mapped);
        Assert.Equal(new TransportAddress(0x20010DB812345678, 0x0011223344556677, 32853), six.Fields.Mapped);
        Assert.True(four.IsAuthentic(Key));
        Assert.True(six.IsAuthentic(Key));
    }

    [Fact]
    public void WritingTheSamplesAgain_GivesTheSameBytes()
    {
        var transaction = new StunTransaction(0xB7E7A701, 0xBC34D686FA87DFAE);
        var buffer = new byte[256];

        var request = new StunWriter(buffer, StunClass.Request, transaction);
        request.Add(StunAttribute.Software, "STUN test client"u8);
        request.AddPriority(0x6E0001FF);
        request.AddRole(StunAttribute.IceControlled, 0x932FF9B151263B36);
        request.Add(StunAttribute.Username, "evtj:h6vY"u8, padding: (byte)' ');
        request.AddIntegrity(Key);
        request.AddFingerprint();
        Assert.Equal(StunVectors.Request, buffer[..request.Length]);

        var response = new StunWriter(buffer, StunClass.Success, transaction);
        response.Add(StunAttribute.Software, "test vector"u8, padding: (byte)' ');
        response.AddMapped(new TransportAddress(0x20010DB812345678, 0x0011223344556677, 32853));
        response.AddIntegrity(Key);
        response.AddFingerprint();
        Assert.Equal(StunVectors.ResponseIPv6, buffer[..response.Length]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(420)]
    [InlineData(487)]
    public void ErrorResponse_RoundTrips(int code)
    {
        var buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.Error, new StunTransaction(1, 2));
        writer.AddError(code, "why"u8);
        writer.AddUnknownAttribute(0x7777);

        Assert.Equal(StunError.None, StunMessage.TryRead(buffer.AsSpan(0, writer.Length), out var message));
        Assert.Equal(StunClass.Error, message.Class);
        Assert.Equal(code, message.Fields.ErrorCode);
    }

    [Fact]
    public void EveryFlippedBitBeforeTheFingerprint_IsRefusedOrNotAuthentic()
    {
        for (var bit = 0; bit < (StunVectors.Request.Length - 8) * 8; bit++)
        {
            var wire = StunVectors.Request;
            wire[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(StunMessage.TryRead(wire, out var message) == StunError.None && message.IsAuthentic(Key), $"bit {bit}");
        }
    }

    [Fact]
    public void UnknownAttribute_IsReportedOnlyWhenComprehensionIsRequired()
    {
        var buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.Request, new StunTransaction(1, 2));
        writer.Add(0xC057, "optional"u8);
        Assert.Equal(StunError.None, StunMessage.TryRead(buffer.AsSpan(0, writer.Length), out var optional));
        Assert.Equal(0, optional.Fields.UnknownRequired);

        writer.Add(0x7F01, "required"u8);
        Assert.Equal(StunError.None, StunMessage.TryRead(buffer.AsSpan(0, writer.Length), out var required));
        Assert.Equal(0x7F01, required.Fields.UnknownRequired);
    }

    [Fact]
    public void AnyBytes_AreReadOrRefused() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            StunMessage.TryRead(bytes, out _);
            StunDemux.TryReadUfrag(bytes, new char[8], out _);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyAttributes_AreReadOrRefused() =>
        Prop.ForAll<ushort, byte[], byte[]>((type, value, tail) =>
        {
            var buffer = new byte[1200];
            var writer = new StunWriter(buffer, StunClass.Request, new StunTransaction(1, 2));
            writer.Add(type, value.AsSpan(0, Math.Min(value.Length, 500)));
            tail.AsSpan(0, Math.Min(tail.Length, 500)).CopyTo(buffer.AsSpan(writer.Length));
            foreach (var length in new[] { writer.Length, writer.Length + Math.Min(tail.Length, 500) })
            {
                buffer[2] = (byte)((length - 20) >> 8);
                buffer[3] = (byte)(length - 20);
                if (StunMessage.TryRead(buffer.AsSpan(0, length), out var message) == StunError.None)
                {
                    Assert.False(message.IsAuthentic(Key));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ufrag_IsThePartBeforeTheColon()
    {
        var ufrag = new char[16];

        Assert.True(StunDemux.TryReadUfrag(StunVectors.Request, ufrag, out var length));
        Assert.Equal("evtj", new string(ufrag, 0, length));
        Assert.False(StunDemux.TryReadUfrag(StunVectors.Request, new char[3], out _));
        Assert.False(StunDemux.TryReadUfrag(StunVectors.ResponseIPv4, ufrag, out _));
    }
}
