using System.Text.Json;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>The sentence of a rule that the county chose: code is the parameter and what it was set to.</summary>
internal static class PolicyRules
{
    public static Reason Of(CountsRule rule) => Sentence("counts", rule);

    public static Reason Of(DisjointRooms rule) => Sentence("disjointRooms", rule);

    public static Reason Of(RoomWithoutQuorum rule) => Sentence("roomWithoutQuorum", rule);

    public static Reason Of(LongLessonRule rule) => Sentence("longLesson", rule);

    public static Reason Tolerance(CreditPolicy policy) => new("rule.samplingTolerance", Reason.Duration(policy.SamplingTolerance));

    /// <summary>All of them, for the policy's own panel.</summary>
    public static IEnumerable<Reason> All(CreditPolicy policy) =>
        [Of(policy.Counts), Of(policy.DisjointRooms), Of(policy.RoomWithoutQuorum), Of(policy.LongLesson), Tolerance(policy), CancelGrace(policy)];

    public static Reason CancelGrace(CreditPolicy policy) => new("rule.cancelGrace", Reason.Duration(policy.CancelGrace));

    private static Reason Sentence(string parameter, Enum value) => new($"rule.{parameter}.{JsonNamingPolicy.CamelCase.ConvertName(value.ToString())}");
}
