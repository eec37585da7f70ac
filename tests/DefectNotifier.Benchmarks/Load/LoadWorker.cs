using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>The built worker with destinations without pace and everything else as it comes.</summary>
internal static class LoadWorker
{
    // Published as it is deployed, when it is named; else as it was built.
    private static readonly string Program = Environment.GetEnvironmentVariable("WORKER") ?? typeof(LoadWorker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "WorkerAssembly").Value!;

    /// <summary>With one destination, <c>web</c>, that takes everything.</summary>
    public static LoadProcess Start(string folder, LoadChat chat) => Start(folder, new { web = Destination(chat.Url) }, [new { To = "web" }], LoadProcess.FreePort());

    /// <summary>With many destinations, each of which has a project and a route of its own, and perhaps <c>old</c>, which no route names.</summary>
    public static LoadProcess Start(string folder, LoadChat chat, int destinations, int operations, LoadChat? old = null)
    {
        var names = Enumerable.Range(0, destinations).ToDictionary(Name, number => Destination(chat.Url + number));
        if (old is not null) names.Add("old", Destination(old.Url));
        return Start(folder, names, [.. Enumerable.Range(0, destinations).Select(number => new { ProjectCodes = Webhooks.Project(number), To = Name(number) })], operations);
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

    /// <summary>The worker with these arguments; what it writes is to be read.</summary>
    public static ProcessStartInfo Command(params IReadOnlyList<string> arguments)
    {
        var isManaged = Path.GetExtension(Program) == ".dll";
        return new ProcessStartInfo(isManaged ? "dotnet" : Program, isManaged ? [Program, .. arguments] : arguments) { UseShellExecute = false, RedirectStandardOutput = true };
    }

    private static string Name(int number) => $"chat-{number}";

    private static object Destination(string url) => new { Type = "slack-webhook", Url = url, RateLimit = new { PerSecond = 0 } };
}
