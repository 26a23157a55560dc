using System.Globalization;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>The words around what the engine wrote, in one language.</summary>
/// <param name="More">With {0} how many are not listed.</param>
/// <param name="Next">With {0} what to try.</param>
/// <param name="Since">With {0} a time.</param>
/// <param name="Over">With {0} and {1} times.</param>
/// <param name="Digest">See <see cref="Delivery.Digest.Of"/>.</param>
/// <param name="TestTitle">With {0} the channel's name.</param>
internal sealed record NoticeWords(
    string Critical, string Warning, string Information, string Resolved, string Reminder, string Merged, string Test, string Alive, string More, string Next,
    string Since, string Over, string Open, string Digest, string TestTitle, string TestSummary, string Sender)
{
    /// <summary>The word that stands before a title.</summary>
    public string MarkOf(NoticeKind kind, AlertSeverity severity) => kind switch
    {
        NoticeKind.Firing => WordOf(severity),
        NoticeKind.Resolved => Resolved,
        NoticeKind.Reminder => Reminder,
        NoticeKind.Digest => Merged,
        NoticeKind.Test => Test,
        NoticeKind.Alive => Alive,
    };

    public string WordOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => Critical,
        AlertSeverity.Warning => Warning,
        AlertSeverity.Information => Information,
    };

    /// <param name="language">zh-CN or en.</param>
    public static NoticeWords In(string language, Text text)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return new NoticeWords(
                text["Severity.Critical"], text["Severity.Warning"], text["Severity.Information"], text["Notice.Resolved"], text["Notice.Reminder"], text["Notice.Merged"],
                text["Notice.Test"], text["Notice.Alive"], text["Notice.More"], text["Notice.Next"], text["Notice.Since"], text["Notice.Over"], text["Notice.Open"],
                text["Notice.Digest"], text["Notice.TestTitle"], text["Notice.TestSummary"], text["Shell.Product"]);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
