using System.IO.Compression;
using System.Xml.Linq;
using ThreeClassrooms.Hub.Devices.Fleet;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class WorkbookTests
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public void EveryPart_IsWellFormed_AndNamedInTheTypes()
    {
        using ZipArchive zip = Written();
        XDocument types = Part(zip, "[Content_Types].xml");
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            Assert.NotNull(Part(zip, entry.FullName).Root);
            Assert.True(
                entry.FullName.EndsWith(".rels", StringComparison.Ordinal) || entry.FullName == "[Content_Types].xml"
                || types.Root!.Elements().Any(e => (string?)e.Attribute("PartName") == "/" + entry.FullName), entry.FullName);
        }

        Assert.Equal("学校年 报", (string?)Part(zip, "xl/workbook.xml").Descendants(Main + "sheet").First().Attribute("name"));
    }

    [Fact]
    public void Cells_KeepTheirKinds()
    {
        using ZipArchive zip = Written();
        XElement row = Part(zip, "xl/worksheets/sheet1.xml").Descendants(Main + "row").ElementAt(1);
        Dictionary<string, XElement> cells = row.Elements(Main + "c").ToDictionary(c => (string)c.Attribute("r")!);
        Assert.Equal("=1+1 <b>", cells["A2"].Value);
        Assert.Equal("inlineStr", (string?)cells["A2"].Attribute("t"));
        Assert.Equal("12.5", cells["B2"].Value);
        Assert.Equal(("0.995", "2"), (cells["C2"].Value, (string?)cells["C2"].Attribute("s")));
        Assert.DoesNotContain("D2", cells.Keys);
    }

    [Fact]
    public void QrCode_HasItsFinders_AndAQuietZone()
    {
        QrPath qr = QrPath.Of("./install.sh agent --hub https://hub.example:8443 --code BCDF-GHJK");
        Assert.Equal(0, (qr.Size - 8 - 17) % 4); // ISO/IEC 18004: 17 + 4 × version modules
        Assert.DoesNotContain("M3 ", qr.Path, StringComparison.Ordinal);
        Assert.All(new[] { (4, 4), (qr.Size - 11, 4), (4, qr.Size - 11) }, corner =>
        {
            Assert.Contains($"M{corner.Item1} {corner.Item2}h1", qr.Path, StringComparison.Ordinal);
            Assert.Contains($"M{corner.Item1 + 3} {corner.Item2 + 3}h1", qr.Path, StringComparison.Ordinal);
            Assert.DoesNotContain($"M{corner.Item1 + 1} {corner.Item2 + 1}h1", qr.Path, StringComparison.Ordinal);
        });
    }

    private static ZipArchive Written()
    {
        var workbook = new Workbook();
        workbook.Add("学校/年 报", ["a", "b", "c", "d"], [["=1+1 <b>\u0001", 12.5, new Percent(0.995), null]]);
        workbook.Add("二", ["a"], []);
        return new ZipArchive(new MemoryStream(workbook.ToArray()));
    }

    private static XDocument Part(ZipArchive zip, string path)
    {
        using Stream stream = zip.GetEntry(path)!.Open();
        return XDocument.Load(stream);
    }
}
