using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>The options of <c>check</c>. The templates replace <c>Templates:Path</c>; online, Slack and Qase are called too.</summary>
internal sealed record CheckOptions(string? ConfigFile, string? Templates, bool IsOnline)
{
    public TimeSpan MaxRenderTime { get; init; } = TemplateCheck.MaxRenderTime;
}

/// <summary>Runs all checks and collects their findings. Writes nothing and sends nothing.</summary>
internal static class Checker
{
    public static async Task<CheckReport> RunAsync(CheckOptions options, TimeProvider time, CancellationToken stop)
    {
        using var components = new ChatComponents(time);
        var types = components.DestinationTypes;
        var read = new SettingsCheck(types).Read(options.ConfigFile, options.Templates);
        var (findings, notes) = (new List<Finding>(read.Findings), new List<string>());
        var settings = read.Settings ?? DefaultSettings(options);
        var templates = new TemplateCheck(types, time);
        findings.AddRange(templates.Check(settings, read.ValidDestinations, options.MaxRenderTime));
        notes.Add(
            $"Checked {settings.Destinations.Count} destinations, {settings.Routes.Count} routes and {templates.Counted.Templates} "
            + $"templates ({templates.Counted.Messages} messages rendered from {EventShapes.All.Count} sample events).");
        if (options.IsOnline)
        {
            var online = new OnlineCheck(components.SlackApiOf, time);
            findings.AddRange(await online.CheckAsync(read.ValidDestinations, stop));
            notes.AddRange(online.Notes);
            findings.AddRange(await QaseProbe.CheckAsync(settings.QaseApi, time, stop));
        }

        return CheckReport.Of(findings, notes);
    }

    // The templates can be checked even when the settings file can't be read.
    private static NotifierSettings DefaultSettings(CheckOptions options) => options.Templates is { } path
        ? new NotifierSettings { Templates = new TemplateOptions { Path = path } }
        : new NotifierSettings();
}
