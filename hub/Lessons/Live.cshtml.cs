using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The lecturer's live room.</summary>
internal sealed class LiveModel(HubDbContext db) : LivePage(db)
{
    protected override bool May(Caller caller) => Lesson.MayTeach(caller);
}
