namespace ThreeClassrooms.EndToEnd;

/// <summary>Stories that measure, or that need both cores of a small machine: each runs alone, after the two lanes.</summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;

/// <summary>Stories that mostly wait for a lesson's clock. They run one after the other, beside those of <see cref="SecondLane"/>; every story has ports, folders and processes of its own.</summary>
[CollectionDefinition(nameof(FirstLane))]
public sealed class FirstLane;

/// <summary>See <see cref="FirstLane"/>.</summary>
[CollectionDefinition(nameof(SecondLane))]
public sealed class SecondLane;
