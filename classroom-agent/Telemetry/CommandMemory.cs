namespace ThreeClassrooms.Agent.Telemetry;

/// <param name="Ids">Oldest first.</param>
/// <param name="Restarting">The command for which the agent is being restarted; null: none.</param>
internal sealed record RememberedCommands(IReadOnlyList<Guid> Ids, Guid? Restarting = null);

/// <summary>The last commands by their ids: each is carried out once, also when it is delivered again after a restart. Not thread-safe.</summary>
internal sealed class CommandMemory(JsonFile<RememberedCommands> file)
{
    public const int Kept = 256;

    private RememberedCommands _known = file.Load() is { Ids: not null } known ? known : new RememberedCommands([]);

    /// <returns>False: it was received before.</returns>
    public bool TryRemember(Guid id)
    {
        if (_known.Ids.Contains(id))
        {
            return false;
        }

        Keep(_known with { Ids = [.. _known.Ids.Append(id).TakeLast(Kept)] });
        return true;
    }

    public void OnRestarting(Guid id) => Keep(_known with { Restarting = id });

    /// <returns>The command for which the agent was restarted, once; null: none.</returns>
    public Guid? TakeRestarted()
    {
        Guid? restarted = _known.Restarting;
        if (restarted is not null)
        {
            Keep(_known with { Restarting = null });
        }

        return restarted;
    }

    private void Keep(RememberedCommands known)
    {
        _known = known;
        file.TrySave(known); // on a full disk it is remembered for as long as the agent runs
    }
}
