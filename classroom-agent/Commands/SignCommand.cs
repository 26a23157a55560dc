using System.Security.Cryptography;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Commands;

/// <summary><c>agent sign --package FILE --key FILE</c>: writes the signature beside the package, where the hub looks for it.</summary>
internal static class SignCommand
{
    public static async Task<int> RunAsync(string package, string key, CancellationToken stop)
    {
        try
        {
            string signature;
            await using (FileStream file = File.OpenRead(package))
            {
                signature = PackageSignature.Sign(file, await File.ReadAllTextAsync(key, stop));
            }

            await File.WriteAllTextAsync(package + ".sig", signature, stop);
            Console.WriteLine(Words.Format("Signed", package + ".sig"));
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            await Console.Error.WriteLineAsync(Words.Format("SignFailed", e.Message));
            return ExitCodes.Failed;
        }
    }
}
