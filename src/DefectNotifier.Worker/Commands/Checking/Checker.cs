using DefectNotifier.Outbox.Contract;
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
    /// <summary>Enough for some gigabytes; "outbox check" has a longer limit.</summary>
    private static readonly TimeSpan MaxOutboxTime = TimeSpan.FromSeconds(10);

    public static async Task<CheckReport> RunAsync(CheckOptions options, TimeProvider time, CancellationToken stop)
    {
        using var components = new ChatComponents(time);
        var types = components.DestinationTypes;
        var read = new SettingsCheck(types, components.NewSettingsReader()).Read(options.ConfigFile, options.Templates);
        var (findings, notes) = (new List<Finding>(read.Findings), new List<string>());
        if (read.Note is { } note) notes.Add(note);
        var settings = read.Settings ?? DefaultSettings(options);
        var templates = new TemplateCheck(types, time);
        findings.AddRange(templates.Check(settings, read.ValidDestinations, options.MaxRenderTime));
        if (read.Settings is not null && !Directory.Exists(settings.Templates.Path)) findings.Add(MissingTemplates(settings.Templates));
        notes.Add(
            $"Checked destinations: {settings.Destinations.Count}, routes: {settings.Routes.Count}, "
            + $"templates: {templates.Counted.Templates} "
            + $"({templates.Counted.Messages} messages rendered from {EventShapes.All.Count} sample events).");
        // A database is on another machine; a faulty address of it is a finding already.
        var mayAsk = !OutboxEngine.IsShared(settings) || (options.IsOnline && read.Settings is not null);
        if (OutboxEngine.Exists(settings) && mayAsk) await CheckOutboxAsync(settings, findings, notes, time, stop);
        if (options.IsOnline)
        {
            var online = new OnlineCheck(components.SlackApiOf, time);
            findings.AddRange(await online.CheckAsync(read.ValidDestinations, stop));
            notes.AddRange(online.Notes);
            findings.AddRange(await QaseProbe.CheckAsync(settings.QaseApi, time, stop));
        }

        return CheckReport.Of(findings, notes);
    }

    private static async Task CheckOutboxAsync(
        NotifierSettings settings, List<Finding> findings, List<string> notes, TimeProvider time, CancellationToken stop)
    {
        var path = OutboxEngine.NameOf(settings);
        try
        {
            if (await OutboxEngine.CheckAsync(settings, MaxOutboxTime, time, stop) is not { } check)
            {
                notes.Add($"The outbox {path} is too large to be checked here. Run \"outbox check\".");
                return;
            }

            foreach (var found in check.Findings)
            {
                if (found.Severity == OutboxSeverity.Note) notes.Add($"{found.Setting}: {found.Message} {found.Advice}");
                else findings.Add(CodeOf(found.Severity).At(found.Setting, TextOf(found), found.Advice));
            }

            if (!check.HasErrors) notes.Add(OutboxEngine.SoundTextOf(settings));
            if (!check.CanBeRead) return;
            var now = time.GetUtcNow();
            var silences = await OutboxEngine.ReadViewAsync(settings, outbox => outbox.ReadSilencesAsync(now, stop));
            findings.AddRange(SilenceFindings.Of(silences, now));
        }
        catch (Exception error) when (error is OutboxOpenException or OutboxUnavailableException)
        {
            findings.Add(FindingCode.Outbox.At(OutboxEngine.SettingOf(settings), error.Message));
        }
    }

    private static string TextOf(OutboxFinding found) =>
        found.Details is [var first, ..] ? $"{found.Message} {first.TrimEnd('.')}." : found.Message;

    private static FindingCode CodeOf(OutboxSeverity severity) =>
        severity == OutboxSeverity.Error ? FindingCode.Outbox : FindingCode.DatabaseRisk;

    // The service starts without the default folder, but a check that reads no template must not succeed.
    private static Finding MissingTemplates(TemplateOptions options) => FindingCode.UnreadableFile.At(
        options.Path,
        $"There is no folder {Path.GetFullPath(options.Path)}: the built-in templates were checked, and the service uses those.",
        "Run this in the folder that contains the templates, or set Templates:Path. \"init\" writes a copy of the templates.");

    // The templates can be checked even when the settings file can't be read.
    private static NotifierSettings DefaultSettings(CheckOptions options) => options.Templates is { } path
        ? new NotifierSettings { Templates = new TemplateOptions { Path = path } }
        : new NotifierSettings();
}
