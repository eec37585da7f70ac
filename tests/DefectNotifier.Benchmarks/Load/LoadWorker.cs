using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Starts the worker with default settings and destinations without a rate limit.</summary>
internal static class LoadWorker
{
    // A published worker if it is named, else the built one.
    private static readonly string Program = Environment.GetEnvironmentVariable("WORKER")
        ?? typeof(LoadWorker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "WorkerAssembly").Value!;

    /// <summary>With one destination, <c>web</c>, for all events.</summary>
    public static LoadProcess Start(string folder, LoadChat chat) =>
        Start(folder, new { web = Destination(chat.Url) }, [new { To = "web" }], LoadProcess.FreePort());

    /// <summary>With many destinations, each with its own project and route, and optionally <c>old</c>, which has no route.</summary>
    public static LoadProcess Start(string folder, LoadChat chat, int destinations, int operations, LoadChat? old = null)
    {
        var names = Enumerable.Range(0, destinations).ToDictionary(Name, number => Destination(chat.Url + number));
        if (old is not null) names.Add("old", Destination(old.Url));
        var routes = Enumerable.Range(0, destinations).Select(number => new { ProjectCodes = Webhooks.Project(number), To = Name(number) });
        return Start(folder, names, [.. routes], operations);
    }

    private static LoadProcess Start(string folder, object destinations, object[] routes, int operations)
    {
        var port = LoadProcess.FreePort();
        var settings = new
        {
            Ingress = new { Url = $"http://127.0.0.1:{port}" },
            Operations = new { Url = $"http://127.0.0.1:{operations}" },
            Outbox = new { Path = Outboxes.PathIn(folder) },
            Destinations = destinations,
            Routes = routes,
        };
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings));
        return LoadProcess.Start(Program, ["serve", "--config", file], new Uri($"http://127.0.0.1:{port}/webhooks/qase"));
    }

    /// <summary>The worker with these arguments and redirected output.</summary>
    public static ProcessStartInfo Command(params IReadOnlyList<string> arguments)
    {
        var isManaged = Path.GetExtension(Program) == ".dll";
        return new ProcessStartInfo(isManaged ? "dotnet" : Program, isManaged ? [Program, .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
    }

    private static string Name(int number) => $"chat-{number}";

    // Without digests: each event is a message.
    private static object Destination(string url) =>
        new { Type = "slack-webhook", Url = url, RateLimit = new { PerSecond = 0 }, Digest = false };
}
