using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What every lesson's line works with. All of it is thread-safe.</summary>
internal sealed record LessonTools(
    LessonStore Store, LessonAudience Audience, BoardNews Board, LessonSnapshots Snapshots, StreamServer Streams, EvidenceBook Evidence, JudgingQueue Judging,
    LessonRules Rules, LessonsOptions Options, CreditPolicy Policy, TimeProvider Clock, SteadyTime Steady, ILogger<LessonDirector> Log);
