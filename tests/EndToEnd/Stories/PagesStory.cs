using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Seeding;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>
/// Everybody opens every page that is theirs, at a desk and on a phone, while a lesson takes place: nothing that shuts out people with impaired sight,
/// nothing beyond the screen's edge, no script error.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class PagesStory
{
    private const string Chinese = "zh-CN";

    private static readonly (int Width, int Height)[] Screens = [(1440, 900), (390, 844)];

    private readonly List<string> _faults = [];

    /// <summary>Barriers are looked for once per page, language and screen (another language changes words, not the phone's layout); a page looks alike to all roles.</summary>
    private readonly HashSet<string> _examined = [];

    [Fact]
    public async Task EveryRoleOpensItsPages_AtADeskAndOnAPhone_NothingIsWrong()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync();
        using AgentProcess receiving = await desk.ReceivingAgentAsync(0);
        await using Chromium chromium = await Chromium.StartAsync();
        Guid room = CountySeeder.RoomId("白杨镇中心小学", "音乐教室");
        string live = $"/lessons/{lesson}/live", observe = $"/lessons/{lesson}/observe", record = $"/lessons/{lesson}/record";

        await VisitAsync(await chromium.OpenAsync(hub.Address), Chinese, hub, "/signin");
        IPage lecturer = await chromium.SignInAsync(hub.Address, CountyDesk.Lecturer);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(40));
        await VisitAsync(lecturer, Chinese, hub, live, "/", "/timetable");
        IPage inspector = await chromium.SignInAsync(hub.Address, "inspector");
        await VisitAsync(inspector, Chinese, hub, observe, "/", "/schools");
        IPage county = await chromium.SignInAsync(hub.Address, "county");
        await VisitAsync(county, Chinese, hub, "/", "/timetable", "/timetable/new", "/schools", "/devices", "/devices/enrol", "/devices/together", "/devices/uptime", "/devices/away", "/devices/evidence", "/devices/updates", $"/devices/enrol/{room}", "/alerts", "/alerts/rules", "/alerts/silences", "/alerts/channels", "/no-such-page");
        await VisitAsync(await chromium.SignInAsync(hub.Address, "admin"), Chinese, hub, "/schools", "/devices", $"/devices/enrol/{room}");

        await Eventually.IsTrueAsync(async () => await desk.JudgementAsync(lesson) is not null, TimeSpan.FromSeconds(60));
        await VisitAsync(county, Chinese, hub, record, "/credit");
        await VisitAsync(lecturer, Chinese, hub, record, "/credit", live);
        await VisitAsync(await chromium.SignInAsync(hub.Address, "head"), Chinese, hub, "/", "/credit", "/devices", record);

        IPage english = await chromium.SignInAsync(hub.Address, "county", language: "en-US");
        await VisitAsync(
            english, "en", hub, "/", "/timetable", "/timetable/new", "/schools", "/devices", "/devices/enrol", "/devices/together", "/devices/uptime", "/devices/away", "/devices/evidence", "/devices/updates", $"/devices/enrol/{room}", "/alerts", "/alerts/rules", "/alerts/silences", "/alerts/channels", "/credit", observe, record, "/no-such-page");

        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
        Assert.Empty(hub.Errors);
    }

    private async Task VisitAsync(IPage page, string language, HubProcess hub, params string[] paths)
    {
        string path = "";
        void OnConsole(object? sender, IConsoleMessage message)
        {
            bool missing = path == "/no-such-page" && message.Location.Contains(path, StringComparison.Ordinal);
            if (message.Type == "error" && !missing && !message.Text.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal))
            {
                _faults.Add($"{path} {language}: console: {message.Text} ({message.Location})");
            }
        }

        void OnPageError(object? sender, string error) => _faults.Add($"{path} {language}: script: {error}");
        page.Console += OnConsole;
        page.PageError += OnPageError;
        foreach (string next in paths)
        {
            path = next;
            await page.SetViewportSizeAsync(Screens[0].Width, Screens[0].Height);
            IResponse? answer = await page.GotoAsync(new Uri(hub.Address, path).ToString());
            if (answer!.Status != (path == "/no-such-page" ? 404 : 200) || !new Uri(answer.Url).AbsolutePath.Equals(path, StringComparison.Ordinal))
            {
                _faults.Add($"{path} {language}: answered {answer.Status} at {answer.Url}");
            }

            await ExamineAsync(page, path, language);
        }

        page.Console -= OnConsole;
        page.PageError -= OnPageError;
    }

    private async Task ExamineAsync(IPage page, string path, string language)
    {
        string title = await page.TitleAsync();
        if (title.Trim(' ', '·').Length == 0 || title.StartsWith('·') || title.StartsWith(' '))
        {
            _faults.Add($"{path} {language}: the title is '{title}'");
        }

        if (await page.GetAttributeAsync("html", "lang") != language)
        {
            _faults.Add($"{path}: not in {language}");
        }

        foreach ((int width, int height) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            int beyond = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (beyond > 0)
            {
                _faults.Add($"{path} {language} {width}: {beyond} px beyond the right edge");
            }

            if ((language == Chinese || width == Screens[0].Width) && _examined.Add($"{path} {language} {width}"))
            {
                AxeResult found = await page.RunAxe();
                _faults.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(
                    v => $"{path} {language} {width}: {v.Id} ({v.Impact}): {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"));
            }
        }
    }
}
