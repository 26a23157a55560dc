using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Children;

public sealed class SocketFolderTests
{
    [Fact]
    public void NextAgentOnTheSameData_FindsTheSameFolderEmpty_OnlyItsUserMayEnter()
    {
        using var below = new TemporaryFolder();
        string first = SocketFolder.Make("/data/a", below.Path);
        File.WriteAllText(Path.Combine(first, "left"), "");
        File.SetUnixFileMode(first, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        Assert.Equal(first, SocketFolder.Make("/data/a/", below.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(first));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(first));
        Assert.NotEqual(first, SocketFolder.Make("/data/b", below.Path));
    }

    [Fact]
    public void NameTakenByALink_IsLeftAlone_AndAnotherFolderServes()
    {
        using var below = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        string place = SocketFolder.Make("/data/a", below.Path);
        Directory.Delete(place);
        File.WriteAllText(Path.Combine(elsewhere.Path, "kept"), "");
        Directory.CreateSymbolicLink(place, elsewhere.Path);

        string made = SocketFolder.Make("/data/a", below.Path);
        Assert.NotEqual(place, made);
        Assert.True(File.Exists(Path.Combine(elsewhere.Path, "kept")));
        Directory.Delete(made);
    }
}
