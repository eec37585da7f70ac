using DefectNotifier.Rendering.Values;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Which template includes which, when the name is a literal.</summary>
internal sealed class IncludeGraph
{
    // Null: Markdown.
    private static readonly ChatPlatform?[] Platforms = [null, .. ChatPlatforms.All];

    private readonly IReadOnlyList<TemplateSource> _sources;
    private readonly Dictionary<string, TemplateSource> _byName;
    private readonly string?[] _sets;
    private readonly Dictionary<TemplateSource, List<(ScriptFunctionCall Call, string Name)>> _calls;

    public IncludeGraph(IReadOnlyList<TemplateSource> sources, IReadOnlyDictionary<TemplateSource, ScriptPage> pages)
    {
        _sources = sources;
        _byName = sources.DistinctBy(source => source.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(source => source.Name, StringComparer.OrdinalIgnoreCase);
        _sets = [null, .. sources.Select(SetOf).Where(set => set.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        _calls = pages.ToDictionary(pair => pair.Key, pair => IncludeCalls.Of(pair.Value));
    }

    /// <summary>
    /// The templates that it includes, those that include it, and the templates that these include: they share their variables.
    /// </summary>
    public IEnumerable<TemplateSource> RelatedTo(TemplateSource source)
    {
        var roots = _calls.Keys.Where(one => IncludedBy(one, Find).Contains(source)).Append(source);
        return roots.SelectMany(root => IncludedBy(root, Find).Append(root)).Where(one => one != source).Distinct();
    }

    public IEnumerable<TemplateIssue> Inspect(TemplateSource source)
    {
        foreach (var (call, name) in _calls[source])
        {
            var offset = call.Span.Start.Offset;
            if (!Find(source, name).Any())
            {
                yield return source.IssueAt(offset, TemplateIssueKind.UnknownInclude, $"There is no template '{name}' to include.") with
                {
                    Word = name,
                    Known = [.. _sources.Select(one => one.BareName).Distinct(StringComparer.OrdinalIgnoreCase)],
                };
            }
            else if (IsCycle(source, name))
            {
                yield return source.IssueAt(
                    offset, TemplateIssueKind.IncludeCycle, $"'{source.BareName}' includes itself through '{name}', which never ends.");
            }
        }
    }

    // A run includes templates of one set and one platform only, so a cycle exists only within these.
    private bool IsCycle(TemplateSource source, string name) => _sets.Any(set => Platforms.Any(platform =>
        Resolve(set, platform, source.BareName) == source
        && Resolve(set, platform, name) is { } next
        && (next == source || IncludedBy(next, (_, piece) => Resolve(set, platform, piece) is { } found ? [found] : []).Contains(source))));

    private HashSet<TemplateSource> IncludedBy(TemplateSource source, Func<TemplateSource, string, IEnumerable<TemplateSource>> find)
    {
        var included = new HashSet<TemplateSource>();
        var open = new Stack<TemplateSource>([source]);
        while (open.TryPop(out var next))
        {
            if (!_calls.TryGetValue(next, out var calls)) continue;
            foreach (var one in calls.SelectMany(call => find(next, call.Name)).Where(included.Add)) open.Push(one);
        }

        return included;
    }

    /// <summary>The template that a run would use, as in <see cref="TemplateStore"/>.</summary>
    private TemplateSource? Resolve(string? set, ChatPlatform? platform, string name) =>
        TemplateSource.FilesOf(set, name, platform)
            .Select(candidate => _byName.GetValueOrDefault(candidate.File))
            .FirstOrDefault(found => found is { PathError: null });

    // Any file with this name, because the set depends on the route; a shipped template only when there is no file.
    private IEnumerable<TemplateSource> Find(TemplateSource from, string name)
    {
        var named = _sources.Where(one => string.Equals(one.BareName, name, StringComparison.OrdinalIgnoreCase)).ToList();
        var files = named
            .Where(one => !one.IsBuiltIn && (one.Folder.Length == 0 || from.Folder.Length == 0 || SetOf(one) == SetOf(from)))
            .ToList();
        return files.Count > 0 ? files : named.Where(one => one.IsBuiltIn);
    }

    private static string SetOf(TemplateSource source) => source.Folder.Split('/')[0];

    private sealed class IncludeCalls : ScriptVisitor
    {
        private readonly List<(ScriptFunctionCall Call, string Name)> _found = [];

        public static List<(ScriptFunctionCall Call, string Name)> Of(ScriptPage page)
        {
            var calls = new IncludeCalls();
            calls.Visit(page);
            return calls._found;
        }

        public override void Visit(ScriptFunctionCall node)
        {
            if (node is { Target: ScriptVariableGlobal { Name: "include" }, Arguments: [ScriptLiteral { Value: string name }, ..] })
                _found.Add((node, name));
            base.Visit(node);
        }
    }
}
