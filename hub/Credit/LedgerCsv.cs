using System.Globalization;
using System.Text;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>
/// A table as CSV for spreadsheets (RFC 4180, CRLF, UTF-8 with a byte order mark, which Excel needs to read Chinese). A text that a
/// spreadsheet would take for a formula is put behind an apostrophe (OWASP: CSV injection).
/// </summary>
internal static class LedgerCsv
{
    private static readonly char[] Special = [',', '"', '\r', '\n'];
    private static readonly char[] StartsFormula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

    /// <param name="rows">Texts and decimals; a decimal is written as a number with two places.</param>
    public static byte[] Write(IEnumerable<IReadOnlyList<object>> rows)
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<object> row in rows)
        {
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    internal static string Cell(object value)
    {
        if (value is decimal number)
        {
            return number.ToString("0.00", CultureInfo.InvariantCulture);
        }

        string text = value.ToString() ?? "";
        text = text.Length > 0 && StartsFormula.Contains(text[0]) ? $"'{text}" : text;
        return text.IndexOfAny(Special) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
