using System.Globalization;
using System.Text;
using ThreeClassrooms.Agent.Enrolment;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>The folder that holds simulated devices: one data folder each, <c>0001</c> and so on, and which codes were spent. One owner.</summary>
internal sealed class FleetFolder(string path)
{
    private readonly string _spent = Path.Combine(path, "spent-codes.txt");

    /// <summary>The data folder of one device, made when missing.</summary>
    /// <param name="number">From 1.</param>
    public string Of(int number)
    {
        string folder = Path.Combine(path, number.ToString("0000", CultureInfo.InvariantCulture));
        AtomicFile.MakeFolder(folder);
        return folder;
    }

    /// <returns>Null: not enrolled yet.</returns>
    public Identity? IdentityOf(int number) => new IdentityStore(Of(number)).Load();

    public IReadOnlySet<string> Spent() => File.Exists(_spent) ? File.ReadAllLines(_spent).ToHashSet(StringComparer.Ordinal) : new HashSet<string>();

    /// <summary>A code that was used, or will never be taken: a second start does not try it again.</summary>
    public void Spend(string code) => File.AppendAllText(_spent, code + "\n", Encoding.ASCII);
}
