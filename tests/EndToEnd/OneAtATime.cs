namespace ThreeClassrooms.EndToEnd;

/// <summary>Stories share the machine's two cores and its ports, so they run one after the other.</summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
