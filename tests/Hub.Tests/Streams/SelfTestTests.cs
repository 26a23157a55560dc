using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class SelfTestTests
{
    [Fact]
    public void ALessonInMemory_GoesThrough()
    {
        using DtlsIdentity identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);
        Assert.Null(SelfTest.Run(identity));
    }
}
