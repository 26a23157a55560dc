using System.Diagnostics;
using ThreeClassrooms.OutboxProducer;

/// <summary>
/// Lets a hub die at a named point without the hub knowing of it: the runtime calls this before the program when DOTNET_STARTUP_HOOKS names
/// this assembly; KILL_POINT says where, KILL_FILE which database. It listens to what EF Core tells of its commands anyway.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        KillPoint point = Enum.TryParse(Environment.GetEnvironmentVariable("KILL_POINT"), out KillPoint named) ? named : KillPoint.None;
        if (point is KillPoint.AfterCommit or KillPoint.MidBatch)
        {
            DiagnosticListener.AllListeners.Subscribe(new Finder(point));
        }
        else if (point == KillPoint.MidCheckpoint)
        {
            // Not before the hub has come up by itself.
            new Thread(() =>
            {
                Thread.Sleep(Random.Shared.Next(3000, 5000));
                Checkpoints.KillInOne([Environment.GetEnvironmentVariable("KILL_FILE")!]);
            })
            { IsBackground = true }.Start();
        }
    }

    private sealed class Finder(KillPoint point) : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                value.Subscribe(new Watcher(point));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Watcher(KillPoint point) : IObserver<KeyValuePair<string, object?>>
    {
        private readonly int _at = Random.Shared.Next(2, 25);
        private int _seen;
        private int _pending;

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key.EndsWith("CommandExecuted", StringComparison.Ordinal) && TextOf(value.Value).Contains("INSERT INTO \"InboxRecords\"", StringComparison.Ordinal))
            {
                if (point == KillPoint.MidBatch && Interlocked.Increment(ref _seen) >= _at)
                {
                    Death.Now();
                }

                Interlocked.Exchange(ref _pending, 1);
            }
            else if (point == KillPoint.AfterCommit && value.Key.EndsWith("TransactionCommitted", StringComparison.Ordinal)
                && Interlocked.Exchange(ref _pending, 0) == 1 && Interlocked.Increment(ref _seen) >= _at)
            {
                Death.Now();
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        private static string TextOf(object? told)
        {
            object? command = told?.GetType().GetProperty("Command")?.GetValue(told);
            return command?.GetType().GetProperty("CommandText")?.GetValue(command) as string ?? "";
        }
    }
}
