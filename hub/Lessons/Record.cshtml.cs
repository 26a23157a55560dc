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
internal sealed class RecordModel(HubDbContext db, Text text, ReasonText reasons, CreditPolicy policy) : PageModel
{
    public LessonRecord Record { get; private set; } = null!;

    public IReadOnlyList<FactLine> Facts { get; private set; } = [];

    public CreditPolicy Policy { get; } = policy;

    public JudgementStatus? Status => Record.Judgement?.Status;

    public bool MayTeach { get; private set; }

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

    /// <summary>Later revisions took this line back.</summary>
    public bool IsReversed(RecordCredit credit) =>
        credit.Kind == LedgerKind.Credit && Record.Credits.Any(c => c.Kind == LedgerKind.Reversal && c.Revision == credit.Revision);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
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
        Facts =
        [
            .. Record.Events.Select(e => FactLine.Of(e.ToFact(), Record.Rooms, text)).OfType<FactLine>()
                .Concat(Record.OwnAccounts.Select(r => OwnLine.Of(r, Record.Rooms, text))).OrderBy(f => f.At),
        ];
        return Page();
    }
}
