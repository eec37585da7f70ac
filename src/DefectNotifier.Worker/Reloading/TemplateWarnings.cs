using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Logs, once, what in the active configuration works but is probably a mistake, as <c>check</c> does: an unknown value or helper, a
/// mention of no one, a file that is never used, a route that no event reaches, a secret that others may know. Someone who edits a file of
/// a running service may never call <c>check</c>.
/// </summary>
internal sealed partial class TemplateWarnings(ILogger<TemplateWarnings> logger)
{
    // The findings of check that are almost certainly mistakes. Errors in template files are logged where the files are loaded.
    private static readonly FindingCode[] Mistakes =
    [
        FindingCode.WeakSecret, FindingCode.SharedSecret, FindingCode.ShadowedRoute, FindingCode.NeverMatches, FindingCode.TemplateName,
        FindingCode.IgnoredFile,
    ];

    private HashSet<string> _reported = new(StringComparer.Ordinal);
    private NotifierConfiguration? _inspected;

    /// <summary>Inspects the configuration if it is another one than last time. Not thread-safe.</summary>
    public void Report(NotifierConfiguration configuration)
    {
        if (ReferenceEquals(configuration, _inspected)) return;
        var templates = FindInTemplates(configuration.Templates).ToList();
        var others = FindInSettings(configuration.Settings, configuration.Templates).ToList();
        foreach (var warning in templates.Except(_reported)) Log.InTemplate(logger, warning);
        foreach (var warning in others.Except(_reported)) Log.InSettings(logger, warning);
        (_reported, _inspected) = ([.. templates, .. others], configuration);
    }

    private static IEnumerable<string> FindInSettings(NotifierSettings settings, TemplateStore templates)
    {
        var reach = new TemplateUsage(settings.Routes, Enum.GetValues<ChatPlatform>());
        return SecretFindings.Of(settings).Concat(RouteCheck.Check([.. settings.Routes]))
            .Concat(new TemplateFileCheck(settings.Templates.Path, templates.Sources, reach).Check())
            .Where(finding => Mistakes.Contains(finding.Code))
            .Select(finding => finding.ToLogText());
    }

    private static IEnumerable<string> FindInTemplates(TemplateStore templates)
    {
        var sources = templates.Sources;
        var builtIn = sources.Where(source => source.IsBuiltIn)
            .ToDictionary(source => source.Name, source => source.Text, StringComparer.Ordinal);
        // Nothing to inspect when all files are unchanged copies of the built-in templates.
        if (sources.All(source => source.IsBuiltIn || builtIn.GetValueOrDefault(TemplateSource.BuiltInPrefix + source.Name) == source.Text))
            return [];

        // Templates with errors are logged already, and are not active.
        var broken = templates.Errors.Select(error => error.Template).ToHashSet(StringComparer.Ordinal);
        return TemplateInspector.Inspect(sources, templates.Options.Mentions.Keys)
            .Where(issue => !issue.File.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal) && !broken.Contains(issue.File))
            .Select(issue => TemplateSuggestion.ErrorOf(issue).ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(17, LogLevel.Warning, "Template {Warning} The template is active nevertheless.")]
        public static partial void InTemplate(ILogger logger, string warning);

        [LoggerMessage(18, LogLevel.Warning, "{Warning}")]
        public static partial void InSettings(ILogger logger, string warning);
    }
}
