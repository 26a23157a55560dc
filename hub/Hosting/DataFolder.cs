namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The one folder that the hub writes to; readable by its user only.</summary>
internal sealed class DataFolder(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    public string Database => Path.Combine(Root, "hub.db");

    public string Keys => Make("keys");

    public string Logs => Make("logs");

    public string Recordings => Make("recordings");

    public string Certificate => Path.Combine(Root, "hub-self-signed.pfx");

    /// <summary>The same key once more: a certificate can be made anew, a key that classrooms have pinned cannot.</summary>
    public string CertificateKey => Path.Combine(Root, "hub-self-signed.key");

    /// <summary>Makes a folder below the root when it is missing.</summary>
    public string Make(string name)
    {
        string path = Path.Combine(Root, name);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
