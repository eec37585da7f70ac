using DefectNotifier.Rendering.Values;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Which template includes which, when the name is a literal.</summary>
internal sealed class IncludeGraph
{
    // Null: Markdown.
    private static readonly ChatPlatform?[] Platforms = [null, .. ChatPlatforms.All];

    private readonly Dictionary<string, TemplateSource> _byFile;
    private readonly ILookup<string, TemplateSource> _byName;
    private readonly string[] _names;
    private readonly string?[] _sets;
    private readonly Dictionary<TemplateSource, List<(ScriptFunctionCall Call, string Name)>> _calls;
    private readonly ILookup<TemplateSource, TemplateSource> _includes;
    private readonly ILookup<TemplateSource, TemplateSource> _includers;
    private readonly ILookup<string, string> _includersByName;
    private readonly Dictionary<(string? Set, ChatPlatform? Platform), ILookup<TemplateSource, TemplateSource>> _includersInRuns = [];

    public IncludeGraph(IReadOnlyList<TemplateSource> sources, IReadOnlyDictionary<TemplateSource, ScriptPage> pages)
    {
        _byFile = sources.DistinctBy(source => source.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(source => source.Name, StringComparer.OrdinalIgnoreCase);
        _byName = sources.ToLookup(source => source.BareName, StringComparer.OrdinalIgnoreCase);
        _names = [.. _byName.Select(named => named.Key)];
        _sets = [null, .. sources.Select(SetOf).Where(set => set.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        _calls = pages.ToDictionary(pair => pair.Key, pair => IncludeCalls.Of(pair.Value));
        var pairs = Pairs((source, name) => Find(source, name)).ToList();
        _includes = pairs.ToLookup(pair => pair.Source, pair => pair.Included);
        _includers = pairs.ToLookup(pair => pair.Included, pair => pair.Source);
        _includersByName = _calls.SelectMany(pair => pair.Value.Select(call => (pair.Key.BareName, call.Name))).Distinct()
            .ToLookup(pair => pair.Name, pair => pair.BareName, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The templates that it includes, those that include it, and the templates that these include: they share their variables.
    /// </summary>
    public IEnumerable<TemplateSource> RelatedTo(TemplateSource source) =>
        Reachable(Reachable([source], one => _includers[one]), one => _includes[one]).Where(one => one != source);

    public IEnumerable<TemplateIssue> Inspect(TemplateSource source)
    {
        // No run is searched for a cycle unless the names alone form one.
        var names = Reachable([source.BareName], name => _includersByName[name], StringComparer.OrdinalIgnoreCase);
        var runs = _calls[source].Exists(call => names.Contains(call.Name)) ? RunsOf(source).ToList() : [];
        foreach (var (call, name) in _calls[source])
        {
            var offset = call.Span.Start.Offset;
            if (!Find(source, name).Any())
            {
                yield return source.IssueAt(offset, TemplateIssueKind.UnknownInclude, $"There is no template '{name}' to include.") with
                {
                    Word = name,
                    Known = _names,
                };
            }
            else if (runs.Exists(run => Resolve(run.Set, run.Platform, name) is { } next && run.Includers.Contains(next)))
            {
                yield return source.IssueAt(
                    offset, TemplateIssueKind.IncludeCycle, $"'{source.BareName}' includes itself through '{name}', which never ends.");
            }
        }
    }

    // A run includes templates of one set and one platform only, so a cycle exists only within these.
    private IEnumerable<(string? Set, ChatPlatform? Platform, HashSet<TemplateSource> Includers)> RunsOf(TemplateSource source)
    {
        foreach (var set in _sets)
        {
            foreach (var platform in Platforms)
            {
                if (Resolve(set, platform, source.BareName) != source) continue;
                if (!_includersInRuns.TryGetValue((set, platform), out var includers))
                {
                    includers = Pairs((_, name) => Resolve(set, platform, name) is { } found ? [found] : [])
                        .ToLookup(pair => pair.Included, pair => pair.Source);
                    _includersInRuns[(set, platform)] = includers;
                }

                yield return (set, platform, Reachable([source], one => includers[one]));
            }
        }
    }

    private IEnumerable<(TemplateSource Source, TemplateSource Included)> Pairs(
        Func<TemplateSource, string, IEnumerable<TemplateSource>> find) =>
        _calls.SelectMany(pair => pair.Value.SelectMany(call => find(pair.Key, call.Name).Select(found => (pair.Key, found)))).Distinct();

    /// <summary>The start and everything that can be reached from it.</summary>
    private static HashSet<T> Reachable<T>(IEnumerable<T> start, Func<T, IEnumerable<T>> next, IEqualityComparer<T>? comparer = null)
    {
        var reached = start.ToHashSet(comparer);
        var open = new Stack<T>(reached);
        while (open.TryPop(out var one))
        {
            foreach (var found in next(one).Where(reached.Add)) open.Push(found);
        }

        return reached;
    }

    /// <summary>The template that a run would use, as in <see cref="TemplateStore"/>.</summary>
    private TemplateSource? Resolve(string? set, ChatPlatform? platform, string name) =>
        TemplateSource.FilesOf(set, name, platform)
            .Select(candidate => _byFile.GetValueOrDefault(candidate.File))
            .FirstOrDefault(found => found is { PathError: null });

    // Any file with this name, because the set depends on the route; a shipped template only when there is no file.
    private IEnumerable<TemplateSource> Find(TemplateSource from, string name)
    {
        var named = _byName[name];
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
