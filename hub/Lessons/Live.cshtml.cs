using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The lecturer's live room.</summary>
internal sealed class LiveModel(HubDbContext db, CreditPolicy policy) : LivePage(db, policy)
{
    protected override bool May(Caller caller) => Lesson.MayTeach(caller);
}
