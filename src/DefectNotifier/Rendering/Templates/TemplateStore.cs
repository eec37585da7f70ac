using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Rendering.Values;
using Microsoft.Extensions.Logging;
using Scriban;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The parsed templates and what their helpers are fed with. A name is looked for in the route's set, then in the common folder, then among the copies inside the
/// program, in each first as the platform's JSON and then as Markdown; so neither a deleted nor a broken file ever leaves an event without words.
/// </summary>
public sealed partial class TemplateStore
{
    private const string BuiltInPrefix = "built-in:";
    private const string Default = "default";

    private readonly Dictionary<string, StoredTemplate> _templates = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RenderError> _errors = [];
    // Sets are those of routes: a few.
    private readonly ConcurrentDictionary<(string Set, ChatPlatform? Platform), Dictionary<string, Template>> _includes = new();
    private readonly SortedDictionary<string, string> _digests = new(StringComparer.Ordinal);

    private TemplateStore(TemplateOptions options) => Options = options;

    /// <summary>What it was loaded with.</summary>
    public TemplateOptions Options { get; }

    /// <summary>The files that could not be read as templates.</summary>
    public IReadOnlyList<RenderError> Errors => _errors;

    /// <summary>A digest of each template that is in force, by its file; the same text has the same one.</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>Reads everything once. A file with an error is logged; its last good version stays, where there is one, else it is left out.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="logger">Hears of the errors.</param>
    /// <param name="before">What was in force up to now; null: nothing.</param>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static TemplateStore Load(TemplateOptions options, ILogger<TemplateStore> logger, TemplateStore? before = null)
    {
        var store = new TemplateStore(options);
        foreach (var (name, text) in TemplateFiles.ReadShipped()) store.Add(BuiltInPrefix, name, text);
        foreach (var (name, text) in TemplateFiles.ReadFolder(options.Path)) store.Add("", name, text);
        foreach (var error in store._errors) store.Keep(error.Template, before);
        foreach (var error in store._errors)
        {
            if (store.Has(error.Template)) Log.Kept(logger, error.Location, error.Message);
            else Log.Broken(logger, error.Location, error.Message);
        }

        return store;
    }

    /// <summary>A digest of all files as they are now, good or not: the same one means that there is nothing new to load.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static string DigestOf(TemplateOptions options) =>
        DigestOf(string.Join('\n', TemplateFiles.ReadFolder(options.Path).Select(file => $"{file.Name} {(file.Text is null ? "" : DigestOf(file.Text))}").Order(StringComparer.Ordinal)));

    /// <summary>True when the file is in force, perhaps in an earlier version.</summary>
    public bool Has(string fileName) => _templates.ContainsKey(fileName);

    /// <summary>The file that makes an event's message, by its name: <c>finance/defect.created.sbn</c>, <c>built-in:default.sbn</c>.</summary>
    public string FileFor(string? set, string eventName, ChatPlatform platform) => Find(set, eventName, platform).First().Name;

    /// <summary>The Markdown template for an event; one named <c>default</c> serves the events without their own.</summary>
    internal (string Name, Template Template) Find(string? set, string eventName)
    {
        var found = Find(set, eventName, platform: null).First();
        return (found.Name, found.Template);
    }

    /// <summary>
    /// All templates that can make an event's message, the first choice first and always a Markdown one among them. All with the event's own name come before those
    /// named <c>default</c>.
    /// </summary>
    /// <param name="set">The route's template set; null: none.</param>
    /// <param name="eventName">From anybody's event.</param>
    /// <param name="platform">Null: Markdown templates only.</param>
    internal IEnumerable<StoredTemplate> Find(string? set, string eventName, ChatPlatform? platform) =>
        (IsEventName(eventName) ? FindAll(set, eventName, platform) : []).Concat(FindAll(set, Default, platform));

    /// <summary>What <c>include</c> may name: in a Markdown template Markdown pieces, in a JSON template the platform's own first.</summary>
    internal IReadOnlyDictionary<string, Template> Includes(string? set, ChatPlatform? platform) => _includes.GetOrAdd((set ?? "", platform), _ => FindIncludes(set, platform));

    /// <summary>What went wrong in a run, by its place in the file that it stands in.</summary>
    /// <param name="span">Where, by what was parsed.</param>
    /// <param name="running">The template that was run, for what Scriban tells without a file.</param>
    /// <param name="message">What.</param>
    internal RenderError ErrorAt(SourceSpan span, StoredTemplate running, string message)
    {
        if (string.IsNullOrEmpty(span.FileName) || !_templates.TryGetValue(span.FileName, out var template)) return new RenderError(running.Name, 0, 0, message);
        var (line, column) = template.PlaceOf(span.Start.Offset);
        return new RenderError(template.Name, line, column, message);
    }

    private Dictionary<string, Template> FindIncludes(string? set, ChatPlatform? platform) => _templates.Values
        .Select(template => TemplatePath.NameOf(template.Name))
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(name => (Name: name, Found: FindAll(set, name, platform).FirstOrDefault()))
        // Null: another set or platform has it, and neither these nor the common folder.
        .Where(include => include.Found is not null)
        .ToDictionary(include => include.Name, include => include.Found!.Template, StringComparer.Ordinal);

    // An event that is named like a set's file, a built-in copy or an include is not asking for it.
    private static bool IsEventName(string name) => !name.StartsWith('_') && name.AsSpan().IndexOfAny('/', ':') < 0;

    private IEnumerable<StoredTemplate> FindAll(string? set, string name, ChatPlatform? platform)
    {
        // Names come from anybody's events: they are looked up among what was loaded, never joined to a path.
        string[] levels = set is null ? ["", BuiltInPrefix] : [$"{set}/", "", BuiltInPrefix];
        foreach (var level in levels)
        {
            if (platform is { } known && _templates.TryGetValue($"{level}{TemplatePath.FolderOf(known)}/{name}.json{TemplatePath.Extension}", out var json)) yield return json;
            if (_templates.TryGetValue($"{level}{name}{TemplatePath.Extension}", out var markdown) && !markdown.IsJson) yield return markdown;
        }
    }

    private void Add(string prefix, string file, string? text)
    {
        if ((TemplatePath.ErrorOf(file) ?? (text is null ? "The file can't be read." : null)) is { } wrong)
        {
            _errors.Add(new RenderError(file, 0, 0, wrong));
            return;
        }

        var template = new StoredTemplate(prefix + file, text!, TemplatePath.IsJson(file));
        // What the program has itself is sound, and so is a copy of it: most folders hold little else, and a start need not parse them.
        var isOurs = prefix == BuiltInPrefix || (_templates.TryGetValue(BuiltInPrefix + file, out var ours) && ours.Says(text!));
        if (!isOurs && template.Error is { } error)
        {
            _errors.Add(error);
            return;
        }

        _templates[template.Name] = template;
        _digests[template.Name] = DigestOf(text!);
    }

    private void Keep(string name, TemplateStore? before)
    {
        if (before is null || !before._templates.TryGetValue(name, out var good)) return;
        _templates[name] = good;
        _digests[good.Name] = before._digests[good.Name];
    }

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Error, "Template {Place}: {Error} The template is left out; the next one in order stands in.")]
        public static partial void Broken(ILogger logger, string place, string error);

        [LoggerMessage(301, LogLevel.Error, "Template {Place}: {Error} The template's last good version stays in force.")]
        public static partial void Kept(ILogger logger, string place, string error);
    }
}
