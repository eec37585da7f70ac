using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Puts together what all checks find. Writes nothing and sends nothing.</summary>
internal static class Checker
{
    public static async Task<CheckReport> RunAsync(CheckOptions options, TimeProvider time, CancellationToken stop)
    {
        using var components = new ChatComponents(time);
        var types = components.DestinationTypes;
        var read = new SettingsCheck(types).Read(options.ConfigFile, options.Templates);
        var (findings, notes) = (new List<Finding>(read.Findings), new List<string>());
        var settings = read.Settings ?? Fallback(options);
        var templates = new TemplateCheck(types, time);
        findings.AddRange(templates.Check(settings, read.GoodDestinations, options.Limit));
        notes.Add($"Destinations: {settings.Destinations.Count}. Routes: {settings.Routes.Count}. Templates: {templates.Counted.Templates}, tried with {EventShapes.All.Count} shapes of events: {templates.Counted.Messages} messages.");
        if (options.IsOnline)
        {
            var online = new OnlineCheck(components.SlackApiOf, time);
            findings.AddRange(await online.CheckAsync(read.GoodDestinations, stop));
            notes.AddRange(online.Notes);
            findings.AddRange(await QaseProbe.AskAsync(settings.QaseApi, time, stop));
        }

        return CheckReport.Of(findings, notes);
    }

    // No settings file that could be read: the templates still can.
    private static NotifierSettings Fallback(CheckOptions options) =>
        options.Templates is { } path ? new NotifierSettings { Templates = new Rendering.TemplateOptions { Path = path } } : new NotifierSettings();
}
