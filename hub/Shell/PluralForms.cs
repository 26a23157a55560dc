using System.Globalization;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>
/// Fills texts with values; <c>{0:lesson|lessons}</c> becomes the first word for exactly one and the second for every other number (English; Chinese
/// needs none). A value may be a number or a number already written. Thread-safe.
/// </summary>
internal sealed class PluralForms(CultureInfo culture) : IFormatProvider, ICustomFormatter
{
    public static string Fill(string text, params object[] values) => string.Format(new PluralForms(CultureInfo.CurrentCulture), text, values);

    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : culture.GetFormat(formatType);

    public string Format(string? format, object? arg, IFormatProvider? formatProvider)
    {
        if (format?.Split('|') is [string one, string other])
        {
            return IsOne(arg) ? one : other;
        }

        return arg is IFormattable formattable ? formattable.ToString(format, culture) : arg?.ToString() ?? "";
    }

    private static bool IsOne(object? arg) => arg switch
    {
        null => false,
        string text => text == "1",
        IConvertible number => number.ToDecimal(CultureInfo.InvariantCulture) == 1,
        _ => false,
    };
}
