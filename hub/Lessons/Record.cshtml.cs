using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>课堂记录: what was planned, what happened, how it was judged and what it earned, with the evidence.</summary>
internal sealed class RecordModel(
    HubDbContext db, Text text, ReasonText reasons, CreditPolicy policy, CountyClock clock, DecisionDesk desk, LessonDirector director) : PageModel
{
    public LessonRecord Record { get; private set; } = null!;

    public IReadOnlyList<FactLine> Facts { get; private set; } = [];

    public CreditPolicy Policy { get; } = policy;

    public JudgementStatus? Status => Record.Judgement?.Status;

    public bool MayTeach { get; private set; }

    private HashSet<Guid> _takenBack = [];

    /// <summary>The head's tag: the verdict once there is one, else the phase.</summary>
    public (string Words, string Tone) Badge => Status is { } status
        ? (text.Word("Verdict", status), LessonRecordLook.ToneOf(status))
        : (text.Word("Phase", Record.Lesson.Phase), Record.Lesson.Phase == LessonPhase.Missed ? "is-bad" : "is-info");

    /// <summary>Seconds after which the open page asks anew: until the judgement often, then now and then, for late evidence changes it.</summary>
    public int Pace => Record.Lesson.Phase switch
    {
        LessonPhase.Live or LessonPhase.Interrupted => 5,
        LessonPhase.Ended => 3,
        _ => Record.Pending ? 30 : 60,
    };

    /// <summary>What changes with the verdict. The replay only until it is there: a film that somebody watches is not begun anew.</summary>
    public string Follows => "#timeline,#credits,#facts:innerHTML,#chat-count,#chat:innerHTML"
        + (Record.Recordings.Count == 0 || Record.Recordings.Any(r => r.State == RecordingState.Writing) || Record.Lesson.Phase < LessonPhase.Judged ? ",#replay" : "");

    public string Say(Reason reason) => reasons.Say(reason);

    public IEnumerable<string> SayAll(string json) => reasons.SayAll(json);

    /// <summary>A later judgement took this line back.</summary>
    public bool IsReversed(RecordCredit credit) => _takenBack.Contains(credit.Key.Id);

    /// <summary>Until when late evidence may still change the hours; null: it no longer can, or there is no verdict yet.</summary>
    public DateTimeOffset? ProvisionalUntil =>
        Record.Judgement is not null && EvidenceWindow.ClosesAt(Record.Lesson.EndsAt, Record.Lesson.EndedAt, Policy) is var closes && closes > clock.Now ? closes : null;

    /// <summary>The sentences of the county's rules.</summary>
    public IEnumerable<string> Rules => PolicyRules.All(Policy).Select(reasons.Say);

    /// <summary>The reader may decide this lesson now.</summary>
    public bool MayDecide { get; private set; }

    /// <summary>Why the decision that was sent is not taken; null: none was sent.</summary>
    public string? DecisionProblem { get; private set; }

    public JudgementStatus? Outcome { get; private set; }

    /// <summary>Seats that are ticked: as sent, else those that count or would count.</summary>
    public IReadOnlyCollection<string> Rooms { get; private set; } = [];

    public string? DecisionReason { get; private set; }

    public Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel) => ShowAsync(id, cancel);

    public async Task<IActionResult> OnPostDecideAsync(Guid id, JudgementStatus? outcome, string[]? rooms, string? reason, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return NotFound();
        }

        DecisionRefusal? refusal = outcome is { } chosen ? await desk.DecideAsync(caller, id, chosen, rooms ?? [], reason, cancel) : DecisionRefusal.WrongOutcome;
        if (refusal is null)
        {
            director.PostDecision(id);
            return Redirect($"/lessons/{id}/record");
        }

        if (refusal == DecisionRefusal.NotAllowed)
        {
            return Forbid();
        }

        (DecisionProblem, Outcome, DecisionReason) = (text.Word("Decide.Refusal", refusal.Value), outcome, reason);
        return await ShowAsync(id, cancel, rooms ?? []);
    }

    private async Task<IActionResult> ShowAsync(Guid id, CancellationToken cancel, IReadOnlyCollection<string>? ticked = null)
    {
        if (Caller.From(User) is not { } caller || await LessonHead.FindAsync(db, id, cancel) is not { } head)
        {
            return NotFound();
        }

        if (!head.MayRead(caller))
        {
            return Forbid();
        }

        MayTeach = head.MayTeach(caller);
        Record = (await LessonRecord.ReadAsync(db, id, cancel))!;
        _takenBack = LedgerKey.TakenBack([.. Record.Credits.Select(c => c.Key)]);
        MayDecide = await desk.MayDecideAsync(caller, Record.Lesson, cancel) is null;
        Rooms = ticked ?? [.. Record.Verdict?.Receivers.Where(r => r.Valid || r.InDoubt).Select(r => r.SeatId) ?? []];
        Facts =
        [
            .. Record.Events.Select(e => FactLine.Of(e.ToFact(), Record.Rooms, text)).OfType<FactLine>()
                .Concat(Record.OwnAccounts.Select(r => OwnLine.Of(r, Record.Rooms, text))).OrderBy(f => f.At),
        ];
        return Page();
    }
}
