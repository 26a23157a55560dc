using ThreeClassrooms.Hub.Devices.Commands;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Between the rows of a rollout and its pure course. The rollout's devices are loaded.</summary>
internal static class RolloutBook
{
    public static RolloutCourse CourseOf(this Rollout rollout) => new(
        new RolloutPlan(rollout.ReleaseVersion, RolloutShares.Read(rollout.Shares).Count, rollout.AtOnce, rollout.Watch), rollout.State, rollout.Stage,
        [
            .. rollout.Devices.OrderBy(d => d.Place).Select(d => new RolloutMember(d.DeviceId, d.Stage, d.State, d.Reason, d.AskedAt, d.UpdatedAt, d.Tries, d.Excused)),
        ],
        rollout.StoppedFor);

    /// <summary>Writes a course into the rows.</summary>
    /// <param name="commands">The new command of every device that is asked now.</param>
    /// <returns>False: nothing changed.</returns>
    public static bool Take(this Rollout rollout, RolloutCourse course, IReadOnlyDictionary<string, DeviceCommand> commands, DateTimeOffset now)
    {
        bool changed = rollout.State != course.State || rollout.Stage != course.Stage;
        if (rollout.State != course.State)
        {
            rollout.FinishedAt = course.State is RolloutState.Stopped or RolloutState.Done ? now : null;
        }

        (rollout.State, rollout.Stage, rollout.StoppedFor) = (course.State, course.Stage, course.StoppedFor);
        foreach ((RolloutDevice row, RolloutMember member) in rollout.Devices.OrderBy(d => d.Place).Zip(course.Members))
        {
            changed |= Take(row, member);
            row.Holds = course.State switch
            {
                RolloutState.Running or RolloutState.Paused => true,
                RolloutState.Done => row.Holds && member.State is (MemberState.Waiting or MemberState.Asked), // not those that a later rollout took over
                RolloutState.Stopped => false,
            };
            if (commands.TryGetValue(row.DeviceId, out DeviceCommand? command))
            {
                row.CommandId = command.Id;
            }
        }

        rollout.Revision += changed ? 1 : 0;
        return changed;
    }

    private static bool Take(RolloutDevice row, RolloutMember member)
    {
        bool changed = (row.State, row.Reason, row.AskedAt, row.UpdatedAt, row.Tries, row.Excused)
            != (member.State, member.Reason, member.AskedAt, member.UpdatedAt, member.Tries, member.Excused);
        (row.State, row.Reason, row.AskedAt, row.UpdatedAt, row.Tries, row.Excused) =
            (member.State, member.Reason, member.AskedAt, member.UpdatedAt, member.Tries, member.Excused);
        return changed;
    }
}
