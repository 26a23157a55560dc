namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Removes pictures and logs that are past their time, at the start and every hour.</summary>
internal sealed class CommandFilesLoop(IServiceScopeFactory scopes, ILogger<CommandFilesLoop> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<CommandFiles>().CleanAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.FilesNotCleaned(fault);
            }

            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
