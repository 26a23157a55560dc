using System.Diagnostics;
using System.Text.Json;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

/// <summary>Quotas, and disks that are full.</summary>
public sealed class OutboxRoomTests
{
    private static readonly string Kilobyte = new('x', 1000);

    [Fact]
    public void LittleRoom_ReadingsStopAndAreCounted_EvidenceGoesOn()
    {
        using var scene = new OutboxScene(new OutboxOptions { QuotaMb = 1 });
        do
        {
            scene.Metrics(Kilobyte);
        }
        while (scene.Count("SELECT count(*) FROM meta") == 0);

        for (int i = 0; i < 9; i++)
        {
            scene.Metrics(Kilobyte);
        }

        int evidence = 0;
        for (; evidence < 900; evidence++)
        {
            scene.Evidence(Kilobyte);
        }

        scene.HandIn();
        scene.Store.Tend();
        scene.Time.Advance(TimeSpan.FromDays(8));
        scene.Store.Tend();
        scene.Metrics("room again");
        scene.HandIn();
        Assert.Equal(evidence, scene.Hub.Kept.Count(r => r.Type == "probe"));
        GapRecord gap = JsonSerializer.Deserialize<GapRecord>(Assert.Single(scene.Hub.Kept, r => r.Type == RecordTypes.Gap).Payload, Wire.Json)!;
        Assert.Equal(10, gap.Count);
        Assert.Contains(scene.Hub.Kept, r => r.Payload == "\"room again\"");
        Assert.Equal(0, scene.Store.Backlog().Unsent); // what gave way is declared, so nothing is missing
    }

    [Fact]
    public void NoRoom_WhatTheHubHasGivesWayFirst()
    {
        using var scene = new OutboxScene(new OutboxOptions { QuotaMb = 1 });
        for (int i = 0; i < 500; i++)
        {
            scene.Evidence(Kilobyte);
        }

        scene.HandIn();
        scene.Metrics("kept");
        for (int i = 0; i < 300; i++)
        {
            scene.Evidence(Kilobyte);
        }

        scene.HandIn();
        Assert.Equal(800, scene.Hub.Kept.Count(r => r.Type == "probe"));
        Assert.Contains(scene.Hub.Kept, r => r.Payload == "\"kept\"");
    }

    [Theory]
    [InlineData(79, OutboxLevel.Roomy)]
    [InlineData(80, OutboxLevel.Warning)]
    [InlineData(95, OutboxLevel.Tight)]
    [InlineData(100, OutboxLevel.Full)]
    internal void Levels_FollowTheShareInUse(long used, OutboxLevel expected)
    {
        Assert.Equal(expected, OutboxQuota.Level(used, 100));
        Assert.True(OutboxQuota.MayAppend(EvidenceStreams.Evidence, expected));
        Assert.Equal(expected < OutboxLevel.Tight, OutboxQuota.MayAppend(EvidenceStreams.Metrics, expected));
        Assert.Equal(expected < OutboxLevel.Full, OutboxQuota.MayAppend(EvidenceStreams.State, expected));
    }

    /// <summary>A real file system of 2 MiB that somebody fills to the last byte. Needs root, for the mount.</summary>
    [Fact]
    public void FullDisk_EvidenceWaits_AndIsWrittenWhenThereIsRoomAgain_ReadingsAreDroppedAndCounted()
    {
        using var folder = new TemporaryFolder();
        Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.Path);
        try
        {
            using var scene = new OutboxScene(data: folder.Path);
            for (int i = 0; i < 200; i++)
            {
                scene.Metrics(Kilobyte);
                scene.Evidence(i);
            }

            string filler = Path.Combine(folder.Path, "filler");
            Fill(filler);
            for (int i = 200; i < 2000; i++)
            {
                scene.Evidence($"{i} {Kilobyte}");
                scene.Metrics(Kilobyte);
            }

            Assert.True(scene.Store.Backlog().InMemory > 0, "the disk was not full");
            Assert.Contains((FaultKind.DiskNearlyFull, true), scene.Faults);
            File.Delete(filler);
            Run("mount", "-o", "remount,size=32m", folder.Path);
            scene.Store.Tend();
            Assert.Equal(0, scene.Store.Backlog().InMemory);
            Assert.Contains((FaultKind.DiskNearlyFull, false), scene.Faults);
            scene.StartAgain();
            scene.HandIn();
            Assert.Equal(2000, scene.Hub.Kept.Count(r => r.Type == "probe"));
            scene.Metrics("room again");
            scene.HandIn();
            long counted = scene.Hub.Kept.Where(r => r.Type == RecordTypes.Gap).Sum(r => JsonSerializer.Deserialize<GapRecord>(r.Payload, Wire.Json)!.Count);
            Assert.Equal(2001, scene.Hub.Kept.Count(r => r.Type == "reading") + scene.Hub.Dropped + counted); // every reading is there, declared dropped or counted
            Assert.True(counted >= 1000, $"only {counted} readings were dropped");
            Assert.Equal(0, scene.Store.Backlog().Unsent);
        }
        finally
        {
            Run("umount", "-l", folder.Path);
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        try
        {
            for (byte[] block = new byte[4096]; ;)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // That was the point.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {error}; this test needs root");
    }
}
