using System.Globalization;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

internal static class Words
{
    public static string Fill(string form, object value) => string.Format(CultureInfo.InvariantCulture, form, value);
}
