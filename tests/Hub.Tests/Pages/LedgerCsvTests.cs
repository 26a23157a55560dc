using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Credit;

namespace ThreeClassrooms.Hub.Tests.Pages;

public sealed class LedgerCsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("＝1＋1", "'＝1＋1")]
    [InlineData("＠SUM(A1)", "'＠SUM(A1)")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Texts_AreQuoted_AndNeverFormulas(string text, string cell) => Assert.Equal(cell, LedgerCsv.Cell(text));

    [Fact]
    public void Numbers_StayNumbers_EvenWhenNegative() => Assert.Equal("-1.50", LedgerCsv.Cell(-1.5m));

    [Fact]
    public void AnyText_NeverBeginsAFormula()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            string cell = LedgerCsv.Cell(text.Get).TrimStart('"');
            return cell.Length == 0 || !"=+-@＝＋－＠\t\r".Contains(cell[0], StringComparison.Ordinal) || (text.Get.Length > 0 && text.Get[0] == '"');
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void File_BeginsWithAByteOrderMark_AndEndsLinesAsTheStandardSays()
    {
        byte[] file = LedgerCsv.Write([["a", 1m], ["b", 2m]]);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), file[..3]);
        Assert.Equal("a,1.00\r\nb,2.00\r\n", Encoding.UTF8.GetString(file[3..]));
    }
}
