using DefectNotifier.Benchmarks.Limits;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Starts a limit as a process, with the worker's runtime settings.</summary>
internal static class LoadLimit
{
    public static LoadProcess Start(LimitKind kind, string folder, LoadChat chat, int destinations)
    {
        var port = LoadProcess.FreePort();
        return LoadProcess.Start(
            typeof(LoadLimit).Assembly.Location,
            ["limit", kind.ToString(), $"{port}", Path.Combine(folder, "limit.db"), chat.Url, $"{destinations}"],
            new Uri($"http://127.0.0.1:{port}/webhooks/qase"),
            ("DOTNET_TieredPGO", "0"),
            ("DOTNET_gcConcurrent", "0"),
            ("DOTNET_gcServer", "0"),
            ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"));
    }
}
