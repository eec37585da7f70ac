using Scriban;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Reads templates as a strict reader would and tells everything that is wrong with their texts, without running them: also what stands in a branch that no
/// sample takes, and what Scriban takes silently.
/// </summary>
public sealed class TemplateInspector
{
    private readonly IReadOnlyList<TemplateSource> _sources;
    private readonly Dictionary<TemplateSource, ScriptPage> _pages = [];
    private readonly Dictionary<TemplateSource, TemplateAssignments> _assignments = [];
    private readonly List<TemplateIssue> _issues = [];

    private readonly IReadOnlyCollection<string>? _mentions;

    private TemplateInspector(IReadOnlyList<TemplateSource> sources, IReadOnlyCollection<string>? mentions) => (_sources, _mentions) = (sources, mentions);

    /// <param name="sources">All that there are, the program's copies included: templates include each other.</param>
    /// <param name="mentions">Whom a template can mention; null: that is not looked at.</param>
    public static IReadOnlyList<TemplateIssue> Inspect(IReadOnlyList<TemplateSource> sources, IEnumerable<string>? mentions = null)
    {
        var inspector = new TemplateInspector(sources, mentions?.ToList());
        foreach (var source in sources) inspector.Parse(source);
        inspector.InspectPages();
        return [.. inspector._issues.OrderBy(issue => issue.File, StringComparer.Ordinal).ThenBy(issue => issue.Line).ThenBy(issue => issue.Column)];
    }

    private void Parse(TemplateSource source)
    {
        if (source.Text is not { } text) return;
        var braces = BraceCheck.Inspect(source.Name, text, source.IsJson).ToList();
        _issues.AddRange(braces);
        var template = Template.Parse(text, source.Name);
        if (!template.HasErrors && template.Page is { } page)
        {
            _pages[source] = page;
            _assignments[source] = TemplateAssignments.Of(page);
        }

        _issues.AddRange(TemplateSyntax.ErrorsOf(source.Name, text, template).Except(braces));
    }

    private void InspectPages()
    {
        var includes = new IncludeGraph(_sources, _pages);
        foreach (var (source, page) in _pages)
        {
            var related = includes.RelatedTo(source).ToList();
            var shared = related.Where(_assignments.ContainsKey).SelectMany(one => _assignments[one].Values.Keys).ToHashSet(StringComparer.Ordinal);
            var isOpen = related.Append(source).Any(one => _assignments.TryGetValue(one, out var found) && found.IsOpen);
            _issues.AddRange(NameCheck.Inspect(source, page, _assignments[source], shared, isOpen, _mentions));
            _issues.AddRange(includes.Inspect(source));
        }
    }
}
