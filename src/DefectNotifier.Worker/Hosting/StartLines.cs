using System.Reflection;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Hosting;

/// <summary>
/// What the service is and what it was started with, for the first lines of its log. Names and paths only: no secrets, and no addresses of
/// destinations.
/// </summary>
internal static class StartLines
{
    private const int MaxRoutes = 10;
    private const int MaxNames = 20;

    public static IEnumerable<string> Of(LoadedSettings loaded)
    {
        var settings = loaded.Settings;
        yield return $"DefectNotifier {Version()}";
        if (loaded.Origin is { } origin) yield return origin.ToString();
        var templates = Path.GetFullPath(settings.Templates.Path);
        yield return Directory.Exists(templates)
            ? $"Templates: {templates}"
            : $"No template folder at {templates}: the built-in templates are used";
        yield return $"Outbox: {OutboxEngine.NameOf(settings)}";
        yield return $"Destinations: {List(settings.Destinations.Select(NameOf))}";
        for (var i = 0; i < Math.Min(settings.Routes.Count, MaxRoutes); i++) yield return $"Route {i}: {Describe(settings.Routes[i])}";
        if (settings.Routes.Count > MaxRoutes) yield return $"And {settings.Routes.Count - MaxRoutes} more routes";
        if (settings.Routes.Count == 0) yield return "No routes: every event is stored, and no message is sent";
        yield return $"Secret for webhooks (Ingress): {IngressSecret(settings.Ingress)}; "
            + $"secret for operators (Operations): {Word(settings.HasOperatorSecret())}";
    }

    /// <summary>How to log in at the console; empty when it needs no login.</summary>
    public static string LoginOf(NotifierSettings settings) =>
        settings.OperationsSecrets.Count > 0 ? " (log in with one of Operations:Secrets)"
        : settings.HasOperatorSecret() ? " (log in with a secret of Operations:Access)"
        : "";

    private static string Version()
    {
        var attribute = typeof(StartLines).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return attribute?.InformationalVersion ?? "of unknown version";
    }

    private static string NameOf(DestinationOptions destination) =>
        $"{destination.Name} ({destination.Type}{(destination.As is { } platform ? $" as {platform}" : "")})";

    private static string Describe(RouteOptions route)
    {
        var conditions = new List<string>();
        if (route.ProjectCodes.Count > 0) conditions.Add($"project {List(route.ProjectCodes)}");
        if (route.Events.Count > 0) conditions.Add($"event {List(route.Events)}");
        if (route.Severities.Count > 0) conditions.Add($"severity {List(route.Severities)}");
        if (route.MinSeverity is { } min) conditions.Add($"severity {min} or worse");
        var what = conditions.Count == 0 ? "everything" : string.Join("; ", conditions);
        return $"{what} -> {List(route.To)}{(route.Continue ? ", and continue" : "")}";
    }

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= MaxNames ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MaxNames))} and {all.Count - MaxNames} more";
    }

    private static string IngressSecret(IngressOptions ingress)
    {
        var sources = ingress.Sources.Count == 0 ? "" : $", and for the sources {List(ingress.Sources.Select(source => source.Name))}";
        return $"{Word(ingress.Secrets.Count > 0)}{sources}";
    }

    private static string Word(bool isSet) => isSet ? "set" : "not set";
}
