namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>PUT <see cref="Contracts.DeviceApi.CommandFile"/>: a device hands in what a command asked for.</summary>
internal static class CommandFileEndpoint
{
    public static async Task<IResult> PutAsync(Guid id, HttpContext http, CommandFiles files, DeviceProblems problems, CancellationToken cancel)
    {
        if (DeviceCaller.From(http.User) is not { } device)
        {
            return problems.Of(DeviceRefusal.BadCredentials);
        }

        return await files.TakeAsync(device, id, http.Request.Body, cancel) is { } refusal ? problems.Of(refusal) : Results.NoContent();
    }
}
