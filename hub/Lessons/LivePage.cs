using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What the lecturer's and the observer's page share: the lesson's head and what their scripts need.</summary>
internal abstract class LivePage(HubDbContext db, CreditPolicy policy) : PageModel
{
    /// <summary>For JSON blocks in the page: the default encoder escapes everything that could end the block.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    private static readonly string[] SharedWords = ["Phase."];

    protected HubDbContext Db { get; } = db;

    public LessonHead Lesson { get; private set; } = null!;

    /// <summary>Settings for <c>live/text.js</c>.</summary>
    public object Config(CountyClock clock) => new
    {
        LessonId = Lesson.Id,
        HubPath = LessonHubNames.Path,
        Icons = IconTagHelper.Sprite,
        TimeZone = clock.Zone,
        Culture = CultureInfo.CurrentUICulture.Name,
        RequiredMs = (long)RequiredOf(Lesson.EndsAt - Lesson.StartsAt).TotalMilliseconds,
        MarginMs = (long)policy.Margin.TotalMilliseconds,
        Quorum = Math.Clamp(policy.Quorum, 1, Math.Max(1, Lesson.Schools.Count - 1)),
    };

    /// <summary>The strings of the live pages by key.</summary>
    public static SortedDictionary<string, string> Strings(Text text)
    {
        var strings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in text.All(typeof(LiveText)))
        {
            strings[key] = value;
        }

        foreach ((string key, string value) in text.All(typeof(ShellText)).Where(p => SharedWords.Any(w => p.Key.StartsWith(w, StringComparison.Ordinal))))
        {
            strings[key] = value;
        }

        return strings;
    }

    public virtual async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || await LessonHead.FindAsync(Db, id, cancel) is not { } lesson)
        {
            return NotFound();
        }

        Lesson = lesson;
        ViewData["Record"] = $"/lessons/{lesson.Id}/record";
        return May(caller) ? Page() : Forbid();
    }

    /// <summary>From this effective time on the lesson is valid.</summary>
    private TimeSpan RequiredOf(TimeSpan planned)
    {
        TimeSpan share = planned * (double)policy.ValidShareOfPeriod;
        return share > policy.ValidMinimum ? share : policy.ValidMinimum;
    }

    protected abstract bool May(Caller caller);
}
