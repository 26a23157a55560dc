using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Tests.Pages;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Timetable;

/// <summary>安排一节课, posted as a browser posts it: planned with classes and assistants, or refused with the reason and everything still filled in.</summary>
public sealed class PlanPageTests(PagesHub hub) : IClassFixture<PagesHub>
{
    private const string Main = "清川县城关实验小学", Town = "白杨镇中心小学", Point = "白杨镇柳沟教学点", Path = "/timetable/new";

    private static readonly Guid Room = CountySeeder.RoomId(Main, "录播教室二"), TownRoom = CountySeeder.RoomId(Town, "音乐教室"), PointRoom = CountySeeder.RoomId(Point, "复式教室");

    private static readonly Guid TownClass = CountySeeder.ClassId(Town, "四年级（1）班"), Assistant = CountySeeder.TeacherId(Town, "刘海龙"), PointAssistant = CountySeeder.TeacherId(Point, "高有才");

    [Fact]
    public async Task RoomsTicked_LessonIsPlanned_WithItsClassesAndAssistants()
    {
        using HttpClient browser = await hub.SignedInAsync("wangxiulan");
        HttpResponseMessage answer = await PlanAsync(browser, Fields(30) + Tick(TownRoom, TownClass, Assistant) + Tick(PointRoom, null, PointAssistant));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith("/timetable?week=", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Occurrence planned = await PlannedAsync(30);
        Assert.Equal(new Guid?[] { null, Assistant, PointAssistant }, planned.Participations.Select(p => p.AssistantId));
        Assert.Equal(TownClass, planned.Participations.Single(p => p.ClassroomId == TownRoom).SchoolClassId);
    }

    [Fact]
    public async Task Refused_EverythingThatWasEnteredIsStillThere()
    {
        using HttpClient browser = await hub.SignedInAsync("wangxiulan");
        Form form = Fields(31) + Tick(TownRoom, TownClass, Assistant) + ("Form.Topic", " ") + ("Form.Minutes", "abc");
        IHtmlDocument page = await RefusedAsync(browser, form, "请填写课题", "请填写时长");
        Assert.True(((IHtmlInputElement)page.QuerySelector($"input[value='{TownRoom}'] ~ label input[type=checkbox]")!).IsChecked);
        Assert.Equal(
            new[] { TownClass.ToString(), Assistant.ToString() }, page.QuerySelectorAll($"input[value='{TownRoom}'] ~ .receiver-more option[selected]").Select(o => o.GetAttribute("value")));
        Assert.Equal("英语", ((IHtmlInputElement)page.GetElementById("subject")!).Value);
        Assert.Equal("true", page.GetElementById("topic")!.GetAttribute("aria-invalid"));
    }

    /// <summary>Inputs from the field, and the sentence that answers them.</summary>
    [Theory]
    [InlineData("Form.Minutes", "1", "至少 5 分钟")]
    [InlineData("Form.Minutes", "500", "最多 240 分钟")]
    [InlineData("Form.Minutes", "", "请填写时长")]
    [InlineData("Form.StartsAt", "23:40", "同一天内结束")]
    [InlineData("Form.StartsAt", "25:99", "请填写上课时间")]
    [InlineData("Form.Day", "2099-01-01", "最多提前一年")]
    [InlineData("Form.Day", "9999-12-31", "最多提前一年")]
    [InlineData("Form.Day", "0001-01-01", "已经过去")]
    [InlineData("Form.Day", "2026-02-31", "请选择日期")]
    [InlineData("Form.Subject", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一", "最多 40 个字，现在是 41 个")]
    [InlineData("Form.LecturerId", "11111111-1111-1111-1111-111111111111", "可以为其排课")]
    [InlineData("Form.LecturerId", "nobody", "可以为其排课")]
    public async Task StrangeInput_IsRefusedWithItsReason(string field, string value, string reason)
    {
        using HttpClient browser = await hub.SignedInAsync("wangxiulan");
        await RefusedAsync(browser, Fields(32) + Tick(TownRoom, null, null) + (field, value), reason);
    }

    [Fact]
    public async Task ThreeInTheMorning_IsAskedAbout_AndPlannedWhenConfirmed()
    {
        using HttpClient browser = await hub.SignedInAsync("wangxiulan");
        Form form = Fields(33) + Tick(TownRoom, null, null) + ("Form.StartsAt", "03:00");
        IHtmlDocument page = await RefusedAsync(browser, form, "不在平常的上课时间");
        string sure = page.QuerySelector(".note.is-warn button[name='Form.Sure']")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.OK, (await PlanAsync(browser, form + ("Form.Minutes", "20") + ("Form.Sure", sure))).StatusCode); // another warning came
        Assert.Equal(HttpStatusCode.Found, (await PlanAsync(browser, form + ("Form.Sure", sure))).StatusCode);
    }

    [Fact]
    public async Task TeacherSeesOwnRooms_AndReceivingRoomsOfPairedSchools_OthersAreRefused()
    {
        using HttpClient browser = await hub.SignedInAsync("wangxiulan");
        IHtmlDocument page = await PagesHub.PageAsync(browser, Path);
        Assert.All(page.QuerySelectorAll("#room option"), o => Assert.StartsWith(Main, o.TextContent.Trim(), StringComparison.Ordinal));
        Assert.DoesNotContain("石门镇初级中学", page.QuerySelector(".receivers")!.TextContent, StringComparison.Ordinal);
        Guid foreign = CountySeeder.RoomId("清川县第一初级中学", "精品录播室"), far = CountySeeder.RoomId("石门镇初级中学", "同步教室");
        await RefusedAsync(browser, Fields(34) + Tick(TownRoom, null, null) + ("Form.HostRoomId", foreign.ToString()), "您可以使用的主讲教室");
        await RefusedAsync(browser, Fields(34) + Tick(far, null, null), "不在您可选的范围内");
    }

    [Fact]
    public async Task PrimaryLecturerInAnotherSchoolsRoom_WithJuniorReceivers_TheCountyIsAskedAboutEachOfThese()
    {
        using HttpClient browser = await hub.SignedInAsync("county");
        Guid foreign = CountySeeder.RoomId("清川县第一初级中学", "精品录播室"), junior = CountySeeder.RoomId("石门镇初级中学", "同步教室");
        Form form = Fields(35) + Tick(junior, null, null) + ("Form.HostRoomId", foreign.ToString());
        await RefusedAsync(browser, form, "不在 王秀兰 老师的学校", "没有结对", "石门镇初级中学 没有小学班级");
    }

    [Fact]
    public async Task PersonNamedTwice_IsRefusedByName()
    {
        using HttpClient browser = await hub.SignedInAsync("county");
        await RefusedAsync(
            browser, Fields(36) + Tick(TownRoom, null, Assistant) + Tick(CountySeeder.RoomId(Town, "同步教室"), null, Assistant), "刘海龙 被指定到两间教室");
        await RefusedAsync(browser, Fields(36) + Tick(TownRoom, null, CountySeeder.TeacherId(Main, "王秀兰")), "王秀兰 是这节课的主讲教师", "不是这所学校的");
    }

    [Fact]
    public async Task Taken_IsSaidByRoomPersonClassAndLesson()
    {
        using HttpClient browser = await hub.SignedInAsync("county");
        Assert.Equal(HttpStatusCode.Found, (await PlanAsync(browser, Fields(37) + Tick(TownRoom, TownClass, Assistant))).StatusCode);
        await RefusedAsync(
            browser, Fields(37) + Tick(TownRoom, TownClass, Assistant) + ("Form.StartsAt", "09:20"),
            "教室 白杨镇中心小学 音乐教室 已有课", "主讲教师 王秀兰 已有课", "辅助教师 刘海龙 已有课", "班级 白杨镇中心小学 四年级（1）班 已有课", "英语《Unit 5》（王秀兰，清川县城关实验小学）");
    }

    private static async Task<IHtmlDocument> RefusedAsync(HttpClient browser, Form form, params string[] reasons)
    {
        HttpResponseMessage answer = await PlanAsync(browser, form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        IHtmlDocument page = await PagesHub.ReadAsync(answer);
        string said = string.Join(' ', page.QuerySelectorAll("[role=alert]").Select(a => a.TextContent));
        Assert.All(reasons, r => Assert.Contains(r, said, StringComparison.Ordinal));
        return page;
    }

    private static async Task<HttpResponseMessage> PlanAsync(HttpClient browser, Form form) =>
        await PagesHub.PostAsync(browser, await PagesHub.PageAsync(browser, Path), Path, new Dictionary<string, string>(form.Values));

    /// <summary>At 09:00 so many days ahead: every test has a day of its own.</summary>
    private static Form Fields(int day) => new(new Dictionary<string, string>
    {
        ["Form.Mode"] = "Dedicated",
        ["Form.Stage"] = "Primary",
        ["Form.Subject"] = "英语",
        ["Form.Topic"] = "Unit 5",
        ["Form.Day"] = Day(day).ToString("O", CultureInfo.InvariantCulture),
        ["Form.StartsAt"] = "09:00",
        ["Form.Minutes"] = "40",
        ["Form.LecturerId"] = CountySeeder.TeacherId(Main, "王秀兰").ToString(),
        ["Form.HostRoomId"] = Room.ToString(),
        ["Form.HostClassId"] = "",
    });

    private static (Guid Room, Guid? Class, Guid? Assistant) Tick(Guid room, Guid? listens, Guid? assistant) => (room, listens, assistant);

    private static DateOnly Day(int ahead) => DateOnly.FromDateTime(DateTime.UtcNow).AddDays(ahead);

    private Task<Occurrence> PlannedAsync(int day) => hub.WithAsync(db =>
    {
        DateTimeOffset from = new(Day(day).ToDateTime(new TimeOnly(0, 30)), TimeSpan.Zero);
        return db.Set<Occurrence>().AsNoTracking().WithSeats().SingleAsync(o => o.StartsAt > from && o.StartsAt < from.AddHours(1));
    });

    /// <summary>A form's fields; adding one replaces the value it had.</summary>
    private sealed record Form(IReadOnlyDictionary<string, string> Values)
    {
        public static Form operator +(Form form, (string Field, string Value) one) => new(new Dictionary<string, string>(form.Values) { [one.Field] = one.Value });

        public static Form operator +(Form form, (Guid Room, Guid? Class, Guid? Assistant) room)
        {
            string name = $"Form.Rooms[{form.Values.Keys.Count(k => k.EndsWith(".Id", StringComparison.Ordinal))}]";
            return form + ($"{name}.Id", room.Room.ToString()) + ($"{name}.Chosen", "true") + ($"{name}.ClassId", room.Class.ToString() ?? "") + ($"{name}.AssistantId", room.Assistant.ToString() ?? "");
        }
    }
}
