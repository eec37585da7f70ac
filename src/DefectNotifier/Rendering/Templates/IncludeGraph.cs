using DefectNotifier.Rendering.Values;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Which template includes which, as far as the name is written out.</summary>
internal sealed class IncludeGraph
{
    // Null: Markdown.
    private static readonly ChatPlatform?[] Platforms = [null, ChatPlatform.Slack, ChatPlatform.Teams];

    private readonly IReadOnlyList<TemplateSource> _sources;
    private readonly Dictionary<string, TemplateSource> _byName;
    private readonly string?[] _sets;
    private readonly Dictionary<TemplateSource, List<(ScriptFunctionCall Call, string Name)>> _calls;

    public IncludeGraph(IReadOnlyList<TemplateSource> sources, IReadOnlyDictionary<TemplateSource, ScriptPage> pages)
    {
        _sources = sources;
        _byName = sources.DistinctBy(source => source.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(source => source.Name, StringComparer.OrdinalIgnoreCase);
        _sets = [null, .. sources.Select(source => source.Folder.Split('/')[0]).Where(folder => folder.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        _calls = pages.ToDictionary(pair => pair.Key, pair => IncludeCalls.Of(pair.Value));
    }

    /// <summary>The templates that it includes, those that include it, and what these include: they see each other's variables.</summary>
    public IEnumerable<TemplateSource> RelatedTo(TemplateSource source)
    {
        var roots = _calls.Keys.Where(one => Below(one).Contains(source)).Append(source);
        return roots.SelectMany(root => Below(root).Append(root)).Where(one => one != source).Distinct();
    }

    public IEnumerable<TemplateIssue> Inspect(TemplateSource source)
    {
        foreach (var (call, name) in _calls[source])
        {
            var found = Find(source, name).ToList();
            var (line, column) = TextLocation.Of(source.Text!, call.Span.Start.Offset);
            if (found.Count == 0)
            {
                yield return new TemplateIssue(TemplateIssueKind.UnknownInclude, source.Name, line, column, $"There is no template '{name}' to include.")
                {
                    Word = name,
                    Known = [.. _sources.Select(one => one.BareName).Distinct(StringComparer.OrdinalIgnoreCase)],
                };
            }
            else if (IsCycle(source, name))
            {
                yield return new TemplateIssue(TemplateIssueKind.IncludeCycle, source.Name, line, column, $"'{source.BareName}' includes itself by way of '{name}', which has no end.");
            }
        }
    }

    // A run takes its pieces from one set and for one platform: a way back that leads through two sets is none.
    private bool IsCycle(TemplateSource source, string name) => _sets.Any(set => Platforms.Any(platform =>
        Resolve(set, platform, source.BareName) == source
        && Resolve(set, platform, name) is { } next
        && (next == source || Below(next, (_, piece) => Resolve(set, platform, piece) is { } found ? [found] : []).Contains(source))));

    private HashSet<TemplateSource> Below(TemplateSource source) => Below(source, Find);

    private HashSet<TemplateSource> Below(TemplateSource source, Func<TemplateSource, string, IEnumerable<TemplateSource>> find)
    {
        var below = new HashSet<TemplateSource>();
        var open = new Stack<TemplateSource>([source]);
        while (open.TryPop(out var next))
        {
            if (!_calls.TryGetValue(next, out var calls)) continue;
            foreach (var one in calls.SelectMany(call => find(next, call.Name)).Where(below.Add)) open.Push(one);
        }

        return below;
    }

    /// <summary>The template that a run would take, as <see cref="TemplateStore"/> finds it.</summary>
    private TemplateSource? Resolve(string? set, ChatPlatform? platform, string name)
    {
        string[] levels = set is null ? ["", TemplateSource.BuiltInPrefix] : [$"{set}/", "", TemplateSource.BuiltInPrefix];
        return levels.SelectMany(level => platform is { } known ? new[] { $"{level}{TemplatePath.FolderOf(known)}/{name}.json", $"{level}{name}" } : [$"{level}{name}"])
            .Select(file => _byName.GetValueOrDefault(file + TemplatePath.Extension))
            .FirstOrDefault(found => found is { PlaceError: null });
    }

    // Any file of that name: which one it is depends on the route's set. A copy inside the program counts only where no file stands before it.
    private IEnumerable<TemplateSource> Find(TemplateSource from, string name)
    {
        var named = _sources.Where(one => string.Equals(one.BareName, name, StringComparison.OrdinalIgnoreCase)).ToList();
        var near = named.Where(one => !one.IsBuiltIn && (one.Folder.Length == 0 || from.Folder.Length == 0 || Shares(one, from))).ToList();
        return near.Count > 0 ? near : named.Where(one => one.IsBuiltIn);
    }

    private static bool Shares(TemplateSource one, TemplateSource other) => one.Folder.Split('/')[0] == other.Folder.Split('/')[0];

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
            if (node is { Target: ScriptVariableGlobal { Name: "include" }, Arguments: [ScriptLiteral { Value: string name }, ..] }) _found.Add((node, name));
            base.Visit(node);
        }
    }
}
