using System.Globalization;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>Days and times as the pages write them: in the county's zone, in the words of the request's language.</summary>
internal sealed class CountyClock(CountyTime county, TimeProvider time, Text text)
{
    public string Zone => county.Zone.Id;

    /// <summary>UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public DateOnly Today => county.Today;

    public DateOnly DayOf(DateTimeOffset instant) => county.DayOf(instant);

    /// <summary>"09:40"; with seconds "09:40:05".</summary>
    public string Time(DateTimeOffset instant, bool seconds = false) =>
        county.ToLocal(instant).ToString(seconds ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The day in words, e.g. 11月22日 星期日.</summary>
    public string Day(DateOnly day) => day.ToString(text["Format.Day"], CultureInfo.CurrentCulture);

    /// <summary>The day with its year, e.g. 2026年11月22日.</summary>
    public string LongDay(DateOnly day) => day.ToString(text["Format.LongDay"], CultureInfo.CurrentCulture);

    /// <summary>The month in words, e.g. 2026年11月.</summary>
    public string Month(DateOnly day) => day.ToString(text["Format.Month"], CultureInfo.CurrentCulture);

    /// <summary>A length in words, cut to whole seconds: "29 分 58 秒", "3 天".</summary>
    public string Length(TimeSpan length)
    {
        List<string> parts = [];
        if (length.Days > 0)
        {
            parts.Add(text["Length.Days", length.Days]);
        }

        if (length.Hours > 0)
        {
            parts.Add(text["Length.Hours", length.Hours]);
        }

        if (length.Minutes > 0)
        {
            parts.Add(length.Seconds > 0 ? text["Length.MinutesSeconds", length.Minutes, length.Seconds] : text["Length.Minutes", length.Minutes]);
        }
        else if (length.Seconds > 0 || parts.Count == 0)
        {
            parts.Add(text["Length.Seconds", Math.Max(0, length.Seconds)]);
        }

        return string.Join(' ', parts);
    }
}
