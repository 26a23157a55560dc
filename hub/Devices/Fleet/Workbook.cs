using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>A share, 0 to 1, that a workbook shows as per cent.</summary>
internal readonly record struct Percent(double Value);

/// <summary>
/// A spreadsheet workbook (ECMA-376, SpreadsheetML) of plain tables: a bold heading row that stays in sight, texts, numbers and percentages. No formulas:
/// a text that looks like one stays a text.
/// </summary>
internal sealed class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";

    private const int HeadStyle = 1;
    private const int PercentStyle = 2;

    /// <summary>Sheet names are at most 31 signs and hold none of these.</summary>
    private const int LongestName = 31;

    private readonly List<(string Name, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<object?>> Rows)> _sheets = [];

    /// <param name="rows">Cells: text, int, double, <see cref="Percent"/> or null.</param>
    public void Add(string name, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<object?>> rows)
    {
        string plain = string.Concat(name.Where(c => !@"[]:*?/\".Contains(c, StringComparison.Ordinal)));
        _sheets.Add((plain.Length <= LongestName ? plain : plain[..LongestName], heads, [.. rows]));
    }

    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", WriteTypes);
            Write(zip, "_rels/.rels", x => WriteRelations(x, [("rId1", "officeDocument", "xl/workbook.xml")]));
            Write(zip, "xl/workbook.xml", WriteBook);
            Write(zip, "xl/_rels/workbook.xml.rels", x => WriteRelations(
                x, [.. _sheets.Select((_, i) => ($"rId{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")), ($"rId{_sheets.Count + 1}", "styles", "styles.xml")]));
            Write(zip, "xl/styles.xml", WriteStyles);
            for (int i = 0; i < _sheets.Count; i++)
            {
                (_, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<object?>> rows) = _sheets[i];
                Write(zip, $"xl/worksheets/sheet{i + 1}.xml", x => WriteSheet(x, heads, rows));
            }
        }

        return stream.ToArray();
    }

    private static void Write(ZipArchive zip, string path, Action<XmlWriter> write)
    {
        using Stream entry = zip.CreateEntry(path).Open();
        using var xml = XmlWriter.Create(entry, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false });
        xml.WriteStartDocument(standalone: true);
        write(xml);
    }

    private void WriteTypes(XmlWriter x)
    {
        x.WriteStartElement("Types", Package + "content-types");
        Entry("Default", "Extension", "rels", "application/vnd.openxmlformats-package.relationships+xml");
        Entry("Default", "Extension", "xml", "application/xml");
        Entry("Override", "PartName", "/xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml");
        Entry("Override", "PartName", "/xl/styles.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml");
        for (int i = 1; i <= _sheets.Count; i++)
        {
            Entry("Override", "PartName", $"/xl/worksheets/sheet{i}.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml");
        }

        x.WriteEndElement();

        void Entry(string element, string key, string value, string type)
        {
            x.WriteStartElement(element, Package + "content-types");
            x.WriteAttributeString(key, value);
            x.WriteAttributeString("ContentType", type);
            x.WriteEndElement();
        }
    }

    private static void WriteRelations(XmlWriter x, IEnumerable<(string Id, string Kind, string Target)> relations)
    {
        x.WriteStartElement("Relationships", Package + "relationships");
        foreach ((string id, string kind, string target) in relations)
        {
            x.WriteStartElement("Relationship", Package + "relationships");
            x.WriteAttributeString("Id", id);
            x.WriteAttributeString("Type", $"{Relations}/{kind}");
            x.WriteAttributeString("Target", target);
            x.WriteEndElement();
        }

        x.WriteEndElement();
    }

    private void WriteBook(XmlWriter x)
    {
        x.WriteStartElement("workbook", Main);
        x.WriteStartElement("sheets", Main);
        for (int i = 0; i < _sheets.Count; i++)
        {
            x.WriteStartElement("sheet", Main);
            x.WriteAttributeString("name", _sheets[i].Name);
            x.WriteAttributeString("sheetId", Number(i + 1));
            x.WriteAttributeString("id", Relations, $"rId{i + 1}");
            x.WriteEndElement();
        }

        x.WriteEndElement();
        x.WriteEndElement();
    }

    /// <summary>Three cell formats: plain, bold for headings, per cent with one digit.</summary>
    private static void WriteStyles(XmlWriter x) => x.WriteRaw($"""
        <styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>
        """);

    private static void WriteSheet(XmlWriter x, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        x.WriteStartElement("worksheet", Main);
        x.WriteRaw("""<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>""");
        x.WriteStartElement("cols", Main);
        for (int column = 1; column <= heads.Count; column++)
        {
            x.WriteStartElement("col", Main);
            x.WriteAttributeString("min", Number(column));
            x.WriteAttributeString("max", Number(column));
            x.WriteAttributeString("width", column == 2 ? "30" : "18");
            x.WriteAttributeString("customWidth", "1");
            x.WriteEndElement();
        }

        x.WriteEndElement();
        x.WriteStartElement("sheetData", Main);
        WriteRow(x, 1, [.. heads], HeadStyle);
        for (int i = 0; i < rows.Count; i++)
        {
            WriteRow(x, i + 2, rows[i], 0);
        }

        x.WriteEndElement();
        x.WriteEndElement();
    }

    private static void WriteRow(XmlWriter x, int number, IReadOnlyList<object?> cells, int style)
    {
        x.WriteStartElement("row", Main);
        x.WriteAttributeString("r", Number(number));
        for (int column = 0; column < cells.Count; column++)
        {
            if (cells[column] is { } cell)
            {
                WriteCell(x, $"{Letters(column)}{Number(number)}", cell, style);
            }
        }

        x.WriteEndElement();
    }

    private static void WriteCell(XmlWriter x, string place, object cell, int style)
    {
        x.WriteStartElement("c", Main);
        x.WriteAttributeString("r", place);
        style = cell is Percent ? PercentStyle : style;
        if (style != 0)
        {
            x.WriteAttributeString("s", Number(style));
        }

        if (cell is string text)
        {
            x.WriteAttributeString("t", "inlineStr");
            x.WriteStartElement("is", Main);
            x.WriteElementString("t", Main, string.Concat(text.Where(c => XmlConvert.IsXmlChar(c))));
            x.WriteEndElement();
        }
        else
        {
            double value = cell is Percent percent ? percent.Value : Convert.ToDouble(cell, CultureInfo.InvariantCulture);
            x.WriteElementString("v", Main, value.ToString("R", CultureInfo.InvariantCulture));
        }

        x.WriteEndElement();
    }

    /// <summary>0 is A, 25 Z, 26 AA.</summary>
    private static string Letters(int column) =>
        column < 26 ? ((char)('A' + column)).ToString() : Letters((column / 26) - 1) + (char)('A' + (column % 26));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
