namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// Marks an options record: it is read from this section of the configuration, checked before anything starts, and can be injected as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SectionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
