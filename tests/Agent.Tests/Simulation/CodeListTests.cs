using ThreeClassrooms.Agent.Simulation;

namespace ThreeClassrooms.Agent.Tests.Simulation;

public sealed class CodeListTests
{
    [Theory]
    [InlineData("school,room,role,code,expires\n白杨小学,\"1号,教室\",receiving,BCDF-GHJK,2026-11-23T00:00:00Z\r\n白杨小学,2号教室,receiving,LMNP-QRST,2026\n")]
    [InlineData("\uFEFF学校;教室;注册码\n\n白杨小学;1号教室;bcdf-ghjk\n# printed twice\n白杨小学;2号教室;lmnpqrst\n白杨小学;2号教室;LMNP-QRST")]
    [InlineData("BCDF GHJK\nLMNP-QRST")]
    [InlineData("\"BCDF-GHJK\"\t1\n\"LMNP-QRST\"\t2")]
    public void Codes_AreFoundInAnyColumn_EachOnce(string text)
    {
        Assert.Equal(["BCDFGHJK", "LMNPQRST"], CodeList.Read(text, out int fault));
        Assert.Equal(0, fault);
    }

    [Fact]
    public void LineWithoutACode_IsNamed()
    {
        Assert.Equal(["BCDFGHJK", "LMNPQRST"], CodeList.Read("code\nBCDF-GHJK\nBCDF-GHJA\nLMNP-QRST\nnone", out int fault));
        Assert.Equal(3, fault);
    }
}
