namespace ThreeClassrooms.Hub.Credit;

/// <summary>What of an entry says which credit it is, or which one it takes back.</summary>
internal readonly record struct LedgerKey(
    Guid Id, LedgerKind Kind, Guid? ReversesId, Guid OccurrenceId, Guid TeacherId, CreditRole Role, int Revision)
{
    /// <summary>Ids of the credits that are taken back. A reversal from before entries were named takes back the same person's credit of its revision.</summary>
    public static HashSet<Guid> TakenBack(IReadOnlyCollection<LedgerKey> entries)
    {
        HashSet<Guid> named = [.. entries.Select(e => e.ReversesId).OfType<Guid>()];
        HashSet<(Guid, Guid, CreditRole, int)> old = [.. entries.Where(e => e is { Kind: LedgerKind.Reversal, ReversesId: null }).Select(e => (e.OccurrenceId, e.TeacherId, e.Role, e.Revision))];
        return [.. named, .. entries.Where(e => e.Kind == LedgerKind.Credit && old.Contains((e.OccurrenceId, e.TeacherId, e.Role, e.Revision))).Select(e => e.Id)];
    }
}
