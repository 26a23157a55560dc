using System.Web;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Looks through what staff entered. Pure but for the list of trusted origins.</summary>
internal static class ChannelCheck
{
    public const int LongestName = 60;
    public const int LongestKeyword = 40;
    public const int ShortestKey = 16;
    public const int LongestSecret = 300;
    public const int MostRecipients = 20;

    /// <param name="known">There is an address already: an empty one keeps it.</param>
    public static IReadOnlyList<ChannelFault> FaultsOf(ChannelForm form, ChannelKind kind, bool known, ConnectGuard guard)
    {
        List<ChannelFault> faults = [];
        Add(faults, ChannelFault.NoName, string.IsNullOrWhiteSpace(form.Name) || form.Name.Trim().Length > LongestName || form.Name.Any(char.IsControl));
        Add(faults, ChannelFault.NoSchool, !form.AllSchools && form.Schools.Count == 0);
        Add(faults, ChannelFault.KeywordTooLong, form.Keyword?.Trim().Length > LongestKeyword || form.Keyword?.Any(char.IsControl) == true);
        if (kind == ChannelKind.Mail)
        {
            AddMail(faults, form, guard);
        }
        else
        {
            AddAddress(faults, form.Address?.Trim() ?? "", kind, known, guard);
            string key = form.Key?.Trim() ?? "";
            Add(faults, ChannelFault.BadSecret, key.Length > LongestSecret || (kind == ChannelKind.DingTalk && key.Length > 0 && !key.StartsWith("SEC", StringComparison.Ordinal)));
            Add(faults, ChannelFault.ShortKey, kind == ChannelKind.Webhook && key.Length is > 0 and < ShortestKey);
        }

        return faults;
    }

    private static void AddAddress(List<ChannelFault> faults, string text, ChannelKind kind, bool known, ConnectGuard guard)
    {
        if (text.Length == 0)
        {
            Add(faults, ChannelFault.NoAddress, !known);
            return;
        }

        if (text.Length > 1000 || !Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Host.Length == 0
            || !(address.Scheme == Uri.UriSchemeHttps || guard.Trusts(address)) || address.UserInfo.Length > 0)
        {
            faults.Add(ChannelFault.BadAddress);
        }
        else if (!guard.Allows(kind, address))
        {
            faults.Add(kind.IsRobot() ? ChannelFault.ForeignAddress : ChannelFault.PrivateAddress);
        }
        else
        {
            Add(faults, ChannelFault.NoToken, !HasToken(kind, address));
        }
    }

    private static bool HasToken(ChannelKind kind, Uri address) => kind switch
    {
        ChannelKind.DingTalk => HttpUtility.ParseQueryString(address.Query)["access_token"] is { Length: > 0 },
        ChannelKind.WeCom => HttpUtility.ParseQueryString(address.Query)["key"] is { Length: > 0 },
        ChannelKind.Feishu => address.AbsolutePath.Split("/hook/") is [_, { Length: > 0 }],
        ChannelKind.Webhook or ChannelKind.Mail => true,
    };

    private static void AddMail(List<ChannelFault> faults, ChannelForm form, ConnectGuard guard)
    {
        string host = form.MailHost?.Trim() ?? "";
        bool server = host.Length is > 0 and <= 253 && Uri.CheckHostName(host) != UriHostNameType.Unknown && form.MailPort is > 0 and <= 65535;
        Add(faults, ChannelFault.NoMailServer, !server);
        Add(faults, ChannelFault.PlainMail, server && form.MailSecurity == MailSecurity.None && !guard.TrustsMail(host, form.MailPort!.Value));
        Add(faults, ChannelFault.BadSender, !ChannelForm.IsMailAddress(form.MailFrom?.Trim() ?? ""));
        Add(faults, ChannelFault.BadRecipients, form.Recipients.Count is 0 or > MostRecipients || !form.Recipients.All(ChannelForm.IsMailAddress));
        Add(faults, ChannelFault.BadSecret, form.Key?.Length > LongestSecret);
    }

    private static void Add(List<ChannelFault> faults, ChannelFault fault, bool isSo)
    {
        if (isSo)
        {
            faults.Add(fault);
        }
    }
}
