using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Who owns lessons once they are planned: the one writer of their phase.</summary>
internal interface ILessonOwner
{
    /// <summary>Cancels a lesson that has not started, its row and its facts in one step.</summary>
    /// <returns>Null when done.</returns>
    Task<TimetableRefusal?> CancelAsync(Guid lessonId, string reason, Guid? accountId);
}

/// <summary>因故停课: possible until the lesson has started.</summary>
internal sealed class LessonCancelling(ILessonOwner owner, TimetableNews news, AuditTrail audit)
{
    /// <returns>Null when done.</returns>
    public async Task<TimetableRefusal?> CancelAsync(Guid id, string reason, Caller? caller = null)
    {
        string why = reason.Trim();
        if (why.Length is < 2 or > 500)
        {
            return TimetableRefusal.ReasonMissing;
        }

        if (await owner.CancelAsync(id, why, caller?.AccountId) is { } refusal)
        {
            return refusal;
        }

        await audit.WriteAsync(AuditAction.CancelledLesson, caller?.AccountId, caller?.Login ?? "operator", id.ToString(), why);
        news.Tell(id);
        return null;
    }
}
