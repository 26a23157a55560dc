using System.Text;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>Vectors computed with Python's hmac and with OpenSSL, not with this code.</summary>
public sealed class SignatureTests
{
    [Fact]
    public void DingTalk_KeyIsTheSecret() =>
        Assert.Equal("xOJIB8eNoYWeLy26EMZOlc2RjOJbtPv9HYjm+E3uALU=", RobotSignature.DingTalk("SEC000000000000000000000", 1577262236757));

    [Fact]
    public void Feishu_KeyIsTimeAndSecret_AndTheMessageIsEmpty() =>
        Assert.Equal("GnmU6lMJMtXPkxW7kXxgtXI0SJxjk0TQFnFuz93Dt+0=", RobotSignature.Feishu("feishu-secret", 1599360473));

    [Fact]
    public void Webhook_CoversTimeAndBody() => Assert.Equal(
        "v1=6a804b1acd935739e435de45fb7fbbb32e6599223985e161a3f5e33d7c1983f9",
        RobotSignature.Webhook("0123456789abcdef", 1757210400, Encoding.UTF8.GetBytes("""{"version":"4"}""")));
}
