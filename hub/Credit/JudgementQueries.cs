using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Questions about stored judgements that several features ask.</summary>
internal static class JudgementQueries
{
    /// <summary>Those in force that wait for a person's decision.</summary>
    public static IQueryable<StoredJudgement> ToDecide(this IQueryable<StoredJudgement> judgements, HubDbContext db) =>
        judgements.Where(j => j.NeedsDecision && !db.Set<StoredJudgement>().Any(later => later.OccurrenceId == j.OccurrenceId && later.Revision > j.Revision));
}
