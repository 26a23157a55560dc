using Microsoft.Data.Sqlite;

namespace ThreeClassrooms.OutboxProducer;

/// <summary>Makes checkpoints without pause, and dies while they go on.</summary>
public static class Checkpoints
{
    public static void KillInOne(IEnumerable<string> files)
    {
        string[] all = [.. files];
        new Thread(() => Make(all)) { IsBackground = true }.Start();
    }

    private static void Make(string[] files)
    {
        int made = 0, last = Random.Shared.Next(10, 60);
        while (true)
        {
            foreach (string file in files.Where(File.Exists))
            {
                try
                {
                    using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
                    connection.Open();
                    using SqliteCommand command = connection.CreateCommand();
                    command.CommandText = "PRAGMA busy_timeout=1000; PRAGMA wal_checkpoint(TRUNCATE)";
                    if (++made == last)
                    {
                        // Another thread, so that it strikes while the checkpoint runs.
                        new Thread(Death.Now) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
                    }

                    command.ExecuteNonQuery();
                }
                catch (SqliteException)
                {
                    // Somebody writes: the next one.
                }
            }
        }
    }
}
