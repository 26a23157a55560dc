using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>Every string that users see is in the resources, in both languages.</summary>
public sealed partial class TextPolicyTests
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    [Fact]
    public void EverySet_HasTheSameKeys_InBothLanguages()
    {
        foreach (Type set in Text.Sets)
        {
            Assert.Equal(Keys(set, CultureInfo.InvariantCulture), Keys(set, English));
        }
    }

    [Fact]
    public void Keys_AreUnique_OverAllSets()
    {
        IEnumerable<string> twice = Text.Sets.SelectMany(s => Keys(s, CultureInfo.InvariantCulture)).GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void Placeholders_AreTheSame_InBothLanguages()
    {
        foreach (Type set in Text.Sets)
        {
            foreach ((string key, string chinese) in Entries(set, CultureInfo.InvariantCulture))
            {
                string english = Entries(set, English)[key];
                Assert.True(Holes(chinese).SetEquals(Holes(english)), $"{key}: '{chinese}' and '{english}' do not take the same values");
            }
        }
    }

    [Fact]
    public void EveryKeyUsedInPages_Exists() => AssertKnown(SourceFiles.Pages, PageKey());

    [Fact]
    public void EveryKeyUsedInScripts_Exists() => AssertKnown(SourceFiles.Scripts, ScriptKey());

    [Fact]
    public void EveryEnumShown_HasAWord()
    {
        string[] wanted =
        [
            .. Words<LessonMode>("Mode"), .. Words<LessonPhase>("Phase"), .. Words<JudgementStatus>("Verdict"), .. Words<CreditRole>("CreditRole"),
            .. Words<LedgerKind>("LedgerKind"), .. Words<DecisionRefusal>("Decide.Refusal"), .. DecisionDesk.Outcomes.Select(o => $"Decide.{o}"), .. Words<SchoolKind>("SchoolKind"), .. Words<DeviceRole>("DeviceRole"), .. Words<Stage>("Stage"),
            .. Words<TimetableRefusal>("Plan.Refusal"), .. Words<LessonRefusal>("Live.Refusal"), .. Words<LedgerScope>("Credit.Scope"),
            .. Words<FleetGroup>("Fleet.Group"), .. Words<FleetWatch>("Fleet.Watch"), .. Words<IssueSeverity>("Severity"), .. Words<PartKind>("Part"),
            .. Words<PartStatus>("PartStatus"), .. Words<CareRefusal>("Care.Refusal"), .. Words<RoomLineFault>("Codes.Fault"),
            .. Words<IssueKind>("Issue").SelectMany(k => new[] { $"{k}.Name", $"{k}.What", $"{k}.Try" }),
            .. Words<ConflictReason>("Handover").Concat(Words<DropReason>("Handover")).Concat(Words<InboxOutcome>("Handover").Except(["Handover.Kept", "Handover.Applied"]))
                .SelectMany(k => new[] { k, $"{k}.Next" }),
            .. EvidenceStreams.All.Select(s => $"Handover.Stream.{s}"),
            .. Words<AlertTab>("Alerts.Tab"), .. Words<AlertFamily>("AlertFamily"), .. Words<AlertMute>("AlertMute").Where(w => w != "AlertMute.None"), .. Words<AlertEnding>("AlertEnding"),
            .. Words<AlertEventKind>("AlertEvent"), .. Words<NoticeKind>("AlertNotice"), .. Words<AlertRefusal>("AlertRefusal"), .. Words<SilenceReach>("Alerts").Select(w => w.Replace("Alerts.", "Alerts.Silence", StringComparison.Ordinal)),
            .. Hub.Devices.Alerts.OneModel.Hours.Select(h => $"Alerts.Hours.{h}"),
            .. Enum.GetValues<AlertKind>().Where(k => AlertKinds.IssueOf(k) is null).SelectMany(k => new[] { $"Alert.{k}.Name", $"Alert.{k}.What", $"Alert.{k}.Try" }),
            .. Words<ChannelKind>("ChannelKind").SelectMany(k => new[] { k, $"{k}.Short" }), .. Words<MailSecurity>("MailSecurity"), .. Words<ChannelFault>("Channel.Fault"),
            .. Words<DeliveryFault>("Delivery.Fault").SelectMany(k => new[] { k, $"{k}.Try" }),
            .. Words<ChannelKind>("Channel.Step").SelectMany(k => new[] { $"{k}.1", $"{k}.2", $"{k}.3" }),
            .. Words<ReleaseRefusal>("Updates.Refusal"), .. Words<ReleaseOrigin>("Updates.Origin"), .. Words<RolloutRefusal>("Rollout.Refusal"), .. Words<RolloutState>("Rollout.State"),
            .. Words<RolloutStop>("Rollout.Stopped"), .. Words<RolloutScope>("Rollout.Scope"), .. Words<RolloutScope>("Start.Scope"), .. Words<MemberPlace>("Rollout.Place"),
            .. Words<RolloutAct>("Rollout.Act"), .. CommandReasons.Known.Select(r => $"Command.Reason.{r}"), .. Enumerable.Range(0, RolloutShares.Offered.Count).SelectMany(i => new[] { $"Start.Shares.{i}", $"Start.SharesHelp.{i}" }),
            .. new[] { MemberReasons.Already, MemberReasons.NotSeen, MemberReasons.Unwell, MemberReasons.FellBack, MemberReasons.Disabled, MemberReasons.Superseded }.Select(r => $"Rollout.Reason.{r}"),
            .. Words<BoardGroup>("Today.Group"), .. Roles.All.Select(r => $"Role.{r}"),
        ];
        Assert.Empty(wanted.Except(All()));
    }

    [Fact]
    public void EveryFactShown_HasWords()
    {
        foreach (LessonFactKind kind in Enum.GetValues<LessonFactKind>())
        {
            string? text = kind switch
            {
                LessonFactKind.StreamUp or LessonFactKind.StreamDown => StreamIds.HostCamera,
                LessonFactKind.Started => "timetable",
                LessonFactKind.Ended => "stopped",
                LessonFactKind.Judged => nameof(JudgementStatus.Valid),
                _ => "x",
            };
            using var hub = new TextFixture();
            FactLine? line = FactLine.Of(new LessonFact(kind, DateTimeOffset.UnixEpoch, "r1", text, 5), new Dictionary<string, string> { ["r1"] = "Room" }, hub.Text);
            Assert.True(line is null || !line.Text.Contains("Fact.", StringComparison.Ordinal), $"{kind}: {line?.Text}");
        }
    }

    [Fact]
    public void NoChinese_OutsideTheResources()
    {
        foreach (string file in SourceFiles.Pages.Concat(SourceFiles.Scripts).Concat(SourceFiles.Styles))
        {
            Match found = Ideograph().Match(File.ReadAllText(file));
            Assert.False(found.Success, $"{SourceFiles.Name(file)}: '{found.Value}' belongs into a resource file");
        }
    }

    private static void AssertKnown(IEnumerable<string> files, Regex pattern)
    {
        HashSet<string> known = All();
        foreach (string file in files)
        {
            foreach (Match use in pattern.Matches(File.ReadAllText(file)))
            {
                Assert.True(known.Contains(use.Groups[1].Value), $"{SourceFiles.Name(file)}: no text for '{use.Groups[1].Value}'");
            }
        }
    }

    private static HashSet<string> All() => [.. Text.Sets.SelectMany(s => Keys(s, CultureInfo.InvariantCulture))];

    private static SortedSet<string> Keys(Type set, CultureInfo culture) => new(Entries(set, culture).Keys, StringComparer.Ordinal);

    private static Dictionary<string, string> Entries(Type set, CultureInfo culture) =>
        new ResourceManager(set).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static IEnumerable<string> Words<T>(string group)
        where T : struct, Enum => Enum.GetNames<T>().Select(name => $"{group}.{name}");

    private static HashSet<string> Holes(string text) => [.. Hole().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\bT\[""([A-Za-z0-9.]+)""")]
    private static partial Regex PageKey();

    [GeneratedRegex(@"\bt\('([A-Za-z0-9.]+)'")]
    private static partial Regex ScriptKey();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"[\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]+")]
    private static partial Regex Ideograph();
}
