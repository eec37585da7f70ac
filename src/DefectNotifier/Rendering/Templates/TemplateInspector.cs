using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Finds the problems in templates without running them, also in branches that no sample event takes and where Scriban reports no
/// error.
/// </summary>
public sealed class TemplateInspector
{
    /// <summary>In one file: more would not help the author, and each has to be located in the text.</summary>
    private const int MaxIssues = 100;

    /// <summary>In all files: a name that is close to each unknown one is searched for later.</summary>
    private const int MaxAllIssues = 1_000;

    private readonly IReadOnlyList<TemplateSource> _sources;
    private readonly IReadOnlyCollection<string>? _mentions;
    private readonly Dictionary<TemplateSource, ScriptPage> _pages = [];
    private readonly Dictionary<TemplateSource, TemplateAssignments> _assignments = [];
    private readonly List<TemplateIssue> _issues = [];

    private TemplateInspector(IReadOnlyList<TemplateSource> sources, IReadOnlyCollection<string>? mentions) =>
        (_sources, _mentions) = (sources, mentions);

    /// <param name="sources">All templates, including the shipped ones, because templates include each other.</param>
    /// <param name="mentions">The names that templates can mention; null: mentions are not checked.</param>
    public static IReadOnlyList<TemplateIssue> Inspect(IReadOnlyList<TemplateSource> sources, IEnumerable<string>? mentions = null)
    {
        var inspector = new TemplateInspector(sources, mentions?.ToList());
        foreach (var source in sources) inspector.Parse(source);
        inspector.CompareNames();
        inspector.InspectPages();
        var sorted = inspector._issues.OrderBy(issue => issue.File, StringComparer.Ordinal);
        return [.. sorted.ThenBy(issue => issue.Line).ThenBy(issue => issue.Column).Take(MaxAllIssues)];
    }

    private void Parse(TemplateSource source)
    {
        if (source.Text is null) return;
        var braces = BraceCheck.Inspect(source).Take(MaxIssues).ToList();
        _issues.AddRange(braces);
        if (source.Template is { HasErrors: false, Page: { } page })
        {
            _pages[source] = page;
            _assignments[source] = TemplateAssignments.Of(page);
        }

        _issues.AddRange(TemplateSyntax.ErrorsOf(source).Except(braces));
        _issues.AddRange(ForeignMarkup.Inspect(source).Take(MaxIssues));
    }

    private void CompareNames()
    {
        foreach (var same in _sources.GroupBy(source => source.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            var first = same.First();
            _issues.AddRange(same.Skip(1).Select(other => other.IssueAt(
                0,
                TemplateIssueKind.SameName,
                $"'{first.Name}' and '{other.Name}' differ only by case, so only one of them is used. Delete or rename one of them.")));
        }
    }

    private void InspectPages()
    {
        var includes = new IncludeGraph(_sources, _pages);
        foreach (var (source, page) in _pages)
        {
            var related = includes.RelatedTo(source).Where(_assignments.ContainsKey).Select(one => _assignments[one]).ToList();
            var names = new NameCheck(source, _mentions)
            {
                Own = _assignments[source],
                Shared = related.SelectMany(one => one.Values.Keys).ToHashSet(StringComparer.Ordinal),
                HasUnknownNames = related.Append(_assignments[source]).Any(one => one.HasUnknownNames),
            };
            _issues.AddRange(names.Inspect(page, MaxIssues));
            _issues.AddRange(includes.Inspect(source).Take(MaxIssues));
            _issues.AddRange(MeaningCheck.Inspect(source, page).Take(MaxIssues));
        }
    }
}
