using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Adds one lesson to the timetable. What is wrong is said field by field, what is taken by name; what is strange can be confirmed.</summary>
internal sealed class NewModel(HubDbContext db, CountyTime time, TimetablePlanner planner, CreditPolicy policy, PlanWords words, TimeProvider clock) : PageModel
{
    [BindProperty]
    public PlanForm Form { get; set; } = new();

    public PlanGround Ground { get; private set; } = new();

    public IReadOnlyList<PlanFinding> Findings { get; private set; } = [];

    /// <summary>Rooms, people and classes that are elsewhere at that time, as sentences.</summary>
    public IReadOnlyList<string> Conflicts { get; private set; } = [];

    public IEnumerable<PlanFinding> Faults => Findings.Where(f => !f.IsWarning);

    public IEnumerable<PlanFinding> Warnings => Findings.Where(f => f.IsWarning);

    /// <summary>The first sentence about a field; null: nothing is wrong with it.</summary>
    public string? WrongWith(PlanField field) => Faults.FirstOrDefault(f => f.Field == field) is { } fault ? words.Of(fault) : null;

    public string Say(PlanFinding finding) => words.Of(finding);

    /// <summary>What was chosen for a room; nothing when it was not.</summary>
    public PlanRoomForm Choice(Guid room) => Form.Rooms.FirstOrDefault(r => r.Id == room) ?? new PlanRoomForm { Id = room };

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Form = new PlanForm { Day = time.Today.AddDays(1), StartsAt = new TimeOnly(9, 0), Minutes = 40 };
        return await ReadAsync(cancel) is null ? Forbid() : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is not { } caller)
        {
            return Forbid();
        }

        if (Unreadable("Form.Mode") || Unreadable("Form.Stage"))
        {
            return BadRequest(); // chosen from a list: no person can enter another word
        }

        Findings = new PlanCheck(Ground, policy, time, clock.GetUtcNow()).Examine(Form);
        if (Faults.Any())
        {
            return Page();
        }

        NewOccurrence wanted = Wanted();
        if (Warnings.Any() && Form.Sure != PlanCheck.KeyOf(Findings))
        {
            await NameConflictsAsync(wanted);
            return Page();
        }

        Result<Occurrence, TimetableRefusal> result = await planner.CreateAsync(wanted, caller);
        if (result.IsOk)
        {
            return LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/timetable?week={Form.Day:O}"));
        }

        await NameConflictsAsync(wanted);
        if (Conflicts.Count == 0)
        {
            Conflicts = [words.Of(result.Refusal!.Value)];
        }

        return Page();
    }

    private bool Unreadable(string field) => ModelState[field] is { Errors.Count: > 0 };

    private async Task NameConflictsAsync(NewOccurrence wanted) => Conflicts = [.. (await planner.ConflictsAsync(wanted)).Select(words.Of)];

    /// <summary>Only of a form without faults.</summary>
    private NewOccurrence Wanted()
    {
        var length = TimeSpan.FromMinutes(Form.Minutes!.Value);
        DateTimeOffset starts = time.At(Form.Day!.Value, Form.StartsAt!.Value);
        return new NewOccurrence(
            Form.Mode, Form.Subject!, Form.Topic!, Form.Stage, Form.LecturerId!.Value, Form.HostRoomId!.Value,
            [.. Form.Chosen().Select(r => new NewReceiver(r.Id, r.ClassId, r.AssistantId))], starts, starts + length, policy.StandardPeriod.Within(Form.Stage, length, policy.LongLesson))
        {
            HostClassId = Form.HostClassId,
            StartsByTimetable = Form.StartsByTimetable,
        };
    }

    private async Task<Caller?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PlanRights.MayPlan(caller))
        {
            return null;
        }

        Ground = await PlanGround.ReadAsync(db, caller, cancel);
        return caller;
    }
}
