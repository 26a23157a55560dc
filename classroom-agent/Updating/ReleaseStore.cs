using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>
/// The releases in the data folder: <c>releases/VERSION</c> with a package's files, <c>releases/state.json</c> (<see cref="SlotState"/>), and what is on its way.
/// One process writes at a time: the base before it hands over, then whoever it handed over to.
/// </summary>
internal sealed class ReleaseStore(string data)
{
    /// <summary>The agent's program; also of every release to come.</summary>
    public const string Program = "ThreeClassrooms.Agent.dll";

    private const string Settings = "ThreeClassrooms.Agent.runtimeconfig.json";
    private const string FreshPrefix = ".new-";
    private const string PartPrefix = ".part-";

    private static readonly TimeSpan KeepParts = TimeSpan.FromDays(7);

    private readonly JsonFile<SlotState> _state = new(Path.Combine(data, "releases", "state.json"));

    public string Folder { get; } = Path.Combine(Path.GetFullPath(data), "releases");

    /// <summary>Null: nothing is known, or the file is damaged.</summary>
    public SlotState? Load() => _state.Load() is { Base: not null } state ? state : null;

    /// <returns>False: the disk did not take it; the former state stands.</returns>
    public bool TrySave(SlotState state) => _state.TrySave(state);

    public string FolderOf(string version) => Path.Combine(Folder, version);

    public string ProgramOf(string version) => Path.Combine(FolderOf(version), Program);

    /// <summary>Where a package is unpacked before it gets its name.</summary>
    public string FreshFolderOf(string version) => Path.Combine(Folder, FreshPrefix + version);

    /// <summary>Where a package is downloaded to; another package of the same version has another file.</summary>
    public string PartOf(AgentRelease release) => Path.Combine(Folder, PartPrefix + release.Sha256[..16]);

    /// <summary>A folder holds an agent of that version.</summary>
    public static bool IsAgent(string folder, string version) =>
        AgentVersion.Of(folder) == version && File.Exists(Path.Combine(folder, Program)) && File.Exists(Path.Combine(folder, Settings));

    /// <summary>Versions whose files are there. A folder gets its name when all of it is on the disk, so what has its name is whole.</summary>
    public IReadOnlySet<string> There() => Directory.Exists(Folder)
        ? Directory.EnumerateDirectories(Folder).Select(f => Path.GetFileName(f)).Where(v => AgentReleases.IsVersion(v) && IsAgent(FolderOf(v), v)).ToHashSet()
        : new HashSet<string>();

    /// <summary>Whether a program's folder is one of the releases here.</summary>
    public bool Holds(string folder) => Path.GetFullPath(folder).StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The unpacked package takes its version's place. It is of use only once the state says so.</summary>
    public void Place(string version)
    {
        Remove(FolderOf(version));
        Directory.Move(FreshFolderOf(version), FolderOf(version));
        AtomicFile.SyncFolder(Folder);
    }

    /// <summary>Removes what no start will want: versions other than current, previous and trial, and what was left on its way.</summary>
    public void Sweep(SlotState state, DateTimeOffset now)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (string folder in Directory.EnumerateDirectories(Folder))
        {
            string name = Path.GetFileName(folder);
            if (name != state.Current && name != state.Previous && name != state.Trial?.Version)
            {
                Remove(folder);
            }
        }

        foreach (string part in Directory.EnumerateFiles(Folder, PartPrefix + "*").Where(p => now - File.GetLastWriteTimeUtc(p) > KeepParts))
        {
            File.Delete(part);
        }
    }

    /// <summary>Its name goes first: half a folder never has it.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            string doomed = Path.Combine(Path.GetDirectoryName(folder)!, ".old-" + Guid.NewGuid().ToString("N"));
            Directory.Move(folder, doomed);
            Directory.Delete(doomed, recursive: true);
        }
    }
}
