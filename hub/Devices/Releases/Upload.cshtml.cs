using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>
/// Takes a package from a person's machine. The policy stands at the door, so that nobody else's body is read; the framework keeps what is larger than 64 KiB on disk.
/// </summary>
[Authorize(HubPolicies.DeviceStaff)]
[RequestSizeLimit(MostBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes)]
internal sealed class UploadModel(ReleaseShelf shelf) : PageModel
{
    /// <summary>The largest package, its signature and the form around them.</summary>
    private const long MostBytes = AgentReleases.MaxBytes + (1 << 20);

    private const int LongestSignature = 200;

    public IActionResult OnGet() => LocalRedirect("/devices/updates");

    public async Task<IActionResult> OnPostAsync(IFormFile? package, IFormFile? signature, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        if (package is not { Length: > 0 and <= AgentReleases.MaxBytes })
        {
            return Refuse(package is { Length: > 0 } ? ReleaseRefusal.TooLarge : ReleaseRefusal.NotArchive);
        }

        string path = shelf.NewFile();
        try
        {
            await using (FileStream file = System.IO.File.Create(path))
            {
                await package.CopyToAsync(file, cancel);
            }

            Result<TakenRelease, ReleaseRefusal> taken = await shelf.TakeAsync(path, await SignatureOfAsync(signature, cancel), ReleaseOrigin.Uploaded, caller, cancel);
            return taken.IsOk ? LocalRedirect($"/devices/updates?added={taken.Value.Version}#releases") : Refuse(taken.Refusal!.Value);
        }
        finally
        {
            System.IO.File.Delete(path); // the shelf has moved what it took
        }
    }

    private static async Task<string?> SignatureOfAsync(IFormFile? signature, CancellationToken cancel)
    {
        if (signature is not { Length: > 0 })
        {
            return null;
        }

        using var reader = new StreamReader(signature.OpenReadStream());
        return signature.Length > LongestSignature ? "?" : await reader.ReadToEndAsync(cancel);
    }

    private LocalRedirectResult Refuse(ReleaseRefusal refusal) => LocalRedirect($"/devices/updates?refused={refusal}#add");
}
