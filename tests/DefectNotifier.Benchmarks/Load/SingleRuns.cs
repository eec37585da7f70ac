using System.Runtime.InteropServices;
using DefectNotifier.Benchmarks.Limits;
using Microsoft.Win32.SafeHandles;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>One connection that waits for each response, compared with a write and sync of a file.</summary>
internal static class SingleRuns
{
    private const int Rounds = 5;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        await using var append = await LoadProgram.StartLimitAsync(LimitKind.Append, destinations: 1);
        await using var worker = await LoadProgram.StartWorkerAsync("worker", destinations: 1, isHeld: true);
        var rows = new List<(double Sync, LoadResult Append, LoadResult Worker)>();
        for (var round = -1; round < Rounds; round++)
        {
            var row = (Sync(), (await append.RunAsync(connections: 1, Time)).Load, (await worker.RunAsync(connections: 1, Time)).Load);
            // The first round is the warm-up.
            if (round >= 0) rows.Add(row);
        }

        double Median(
            Func<(double Sync, LoadResult Append, LoadResult Worker), double> of) => rows.Select(of).Order().ElementAt(Rounds / 2);
        Console.WriteLine("| one connection | per second | of a write and fdatasync alone | of the durable append |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Console.WriteLine($"| write of 4 KiB and fdatasync, no server | {Median(row => row.Sync):N0} | 1 | |");
        Console.WriteLine(
            $"| limit: durable append, one sync each | {Median(row => row.Append.PerSecond):N0} "
            + $"| {Median(row => row.Append.PerSecond / row.Sync):0.00} | 1 |");
        Console.WriteLine(
            $"| worker | {Median(row => row.Worker.PerSecond):N0} | {Median(row => row.Worker.PerSecond / row.Sync):0.00} "
            + $"| {Median(row => row.Worker.PerSecond / row.Append.PerSecond):0.00} |");
    }

    // Like SQLite's WAL: overwrite a page in a file of full size, then sync.
    private static double Sync()
    {
        var path = Path.GetTempFileName();
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            var page = new byte[4096 + 24];
            for (var at = 0; at < 1000; at++) RandomAccess.Write(file, page, (long)at * page.Length);
            Flush();
            var (began, count) = (TimeProvider.System.GetTimestamp(), 0);
            for (; TimeProvider.System.GetElapsedTime(began) < Time; count++)
            {
                RandomAccess.Write(file, page, (long)(count % 1000) * page.Length);
                Flush();
            }

            return count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;

            void Flush()
            {
                if (FlushData(file) != 0) throw new IOException("The file cannot be synced.");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    // .NET only has fsync, which also writes the file's times.
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushData(SafeFileHandle file);
}
