using DefectNotifier.Rendering;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Tells, once, what in the templates in force runs and yet can't be meant, as <c>check</c> would: a value or a helper that does not exist, a brace that would be shown. Who edits a template of a
/// running service may never call <c>check</c>.
/// </summary>
internal sealed partial class TemplateSlips(ILogger<TemplateSlips> logger)
{
    private HashSet<string> _told = new(StringComparer.Ordinal);
    private TemplateStore? _read;

    /// <summary>Reads the templates strictly when others have come into force since the last time. For one thread.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public void Tell(TemplateStore templates)
    {
        if (ReferenceEquals(templates, _read)) return;
        var slips = Find(templates).ToHashSet(StringComparer.Ordinal);
        foreach (var slip in slips.Except(_told)) Log.Slip(logger, slip);
        (_told, _read) = (slips, templates);
    }

    private static IEnumerable<string> Find(TemplateStore templates)
    {
        var sources = TemplateSource.ReadAll(templates.Options);
        var own = sources.Where(source => source.IsBuiltIn).ToDictionary(source => source.Name, source => source.Text, StringComparer.Ordinal);
        // As they came with the program, which is how most stand there: nothing to read.
        if (sources.All(source => source.IsBuiltIn || (own.TryGetValue(TemplateSource.BuiltInPrefix + source.Name, out var text) && text == source.Text))) return [];
        // Those with a fault are told of already, and are not in force.
        var broken = templates.Faults.Select(fault => fault.Template).ToHashSet(StringComparer.Ordinal);
        return TemplateInspector.Inspect(sources)
            .Where(issue => !issue.File.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal) && !broken.Contains(issue.File))
            .Select(issue => new RenderFault(issue.File, issue.Line, issue.Column, $"{issue.Message} {TemplateSuggestion.For(issue)?.Trim()}".Trim()).ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(17, LogLevel.Warning, "Template {Slip} It is in force as it is.")]
        public static partial void Slip(ILogger logger, string slip);
    }
}
