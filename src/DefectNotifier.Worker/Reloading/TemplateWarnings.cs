using DefectNotifier.Rendering;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Tells, once, what in the configuration in force runs and yet can't be meant, as <c>check</c> would: a value or a helper that does not exist, a brace that would be shown, a mention of nobody, a file that
/// nobody reads, a route that no event reaches. Who edits a file of a running service may never call <c>check</c>.
/// </summary>
internal sealed partial class TemplateWarnings(ILogger<TemplateWarnings> logger)
{
    // Of what check finds, that which surely was meant otherwise; a file that reads badly is told of where it is loaded.
    private static readonly FindingCode[] Useless = [FindingCode.ShadowedRoute, FindingCode.NeverMatches, FindingCode.TemplateName, FindingCode.IgnoredFile];

    private HashSet<string> _told = new(StringComparer.Ordinal);
    private NotifierConfiguration? _read;

    /// <summary>Reads it strictly when another has come into force since the last time. For one thread.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public void Tell(NotifierConfiguration configuration)
    {
        if (ReferenceEquals(configuration, _read)) return;
        var templates = FindInTemplates(configuration.Templates).ToList();
        var others = FindInSettings(configuration.Settings).ToList();
        foreach (var warning in templates.Except(_told)) Log.Warning(logger, warning);
        foreach (var warning in others.Except(_told)) Log.Useless(logger, warning);
        (_told, _read) = ([.. templates, .. others], configuration);
    }

    private static IEnumerable<string> FindInSettings(NotifierSettings settings)
    {
        var usage = new TemplateUsage(settings.Routes, Enum.GetValues<ChatPlatform>());
        return RouteCheck.Check([.. settings.Routes])
            .Concat(new TemplateFileCheck(settings.Templates.Path, TemplateSource.ReadAll(settings.Templates), usage).Check())
            .Where(finding => Useless.Any(code => code.Word == finding.Code))
            .Select(finding => finding.ToLogText());
    }

    private static IEnumerable<string> FindInTemplates(TemplateStore templates)
    {
        var sources = TemplateSource.ReadAll(templates.Options);
        var own = sources.Where(source => source.IsBuiltIn).ToDictionary(source => source.Name, source => source.Text, StringComparer.Ordinal);
        // As they came with the program, which is how most stand there: nothing to read.
        if (sources.All(source => source.IsBuiltIn || (own.TryGetValue(TemplateSource.BuiltInPrefix + source.Name, out var text) && text == source.Text))) return [];
        // Those with an error are told of already, and are not in force.
        var broken = templates.Errors.Select(error => error.Template).ToHashSet(StringComparer.Ordinal);
        return TemplateInspector.Inspect(sources, templates.Options.Mentions.Keys)
            .Where(issue => !issue.File.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal) && !broken.Contains(issue.File))
            .Select(issue => TemplateSuggestion.ErrorOf(issue).ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(17, LogLevel.Warning, "Template {Warning} It is in force as it is.")]
        public static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(18, LogLevel.Warning, "{Warning}")]
        public static partial void Useless(ILogger logger, string warning);
    }
}
