using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Scriban;
using Scriban.Parsing;

namespace DefectNotifier.Rendering;

/// <summary>
/// The parsed templates. A name is looked for in the route's set, then in the common folder, then among the copies inside the
/// program, so neither a deleted nor a broken file ever leaves an event without words.
/// </summary>
public sealed partial class TemplateStore
{
    private const string BuiltInPrefix = "built-in:";
    private const string Default = "default";

    // With the name as the file spells it: an event may spell it otherwise, and a metric carries it.
    private readonly Dictionary<string, (string FileName, Template Template)> _templates = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RenderFault> _faults = [];
    private readonly SortedDictionary<string, string> _digests = new(StringComparer.Ordinal);

    private TemplateStore()
    {
    }

    /// <summary>The files that could not be read as templates.</summary>
    public IReadOnlyList<RenderFault> Faults => _faults;

    /// <summary>A digest of each template that is in force, by its file; the same text has the same one.</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>Reads and parses everything once. A file with a fault is logged; its last good version stays, where there is one, else it is left out.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="logger">Hears of the faults.</param>
    /// <param name="before">What was in force up to now; null: nothing.</param>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static TemplateStore Load(TemplateOptions options, ILogger<TemplateStore> logger, TemplateStore? before = null)
    {
        var store = new TemplateStore();
        foreach (var (name, text) in TemplateFiles.ReadEmbedded()) store.Add(BuiltInPrefix + name, text);
        foreach (var (name, text) in TemplateFiles.ReadFolder(options.Path)) store.Add(name, text);
        foreach (var fault in store._faults) store.Keep(fault.Template, before);
        foreach (var fault in store._faults)
        {
            if (store.Has(fault.Template)) Log.Kept(logger, fault.Template, fault.Line, fault.Column, fault.Message);
            else Log.Broken(logger, fault.Template, fault.Line, fault.Column, fault.Message);
        }

        return store;
    }

    /// <summary>A digest of all files as they are now, good or not: the same one means that there is nothing new to load.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static string DigestOf(TemplateOptions options) =>
        DigestOf(string.Join('\n', TemplateFiles.ReadFolder(options.Path).Select(file => $"{file.Name} {(file.Text is null ? "" : DigestOf(file.Text))}").Order(StringComparer.Ordinal)));

    /// <summary>True when the file is in force, perhaps in an earlier version.</summary>
    public bool Has(string fileName) => _templates.ContainsKey(KeyOf(fileName));

    /// <summary>The template for an event; one named <c>default</c> serves the events without their own.</summary>
    internal (string Name, Template Template) Find(string? set, string eventName) =>
        (IsEventName(eventName) ? TryFind(set, eventName) : null) ?? TryFind(set, Default) ?? throw new InvalidOperationException("The program has no built-in default template.");

    /// <summary>What <c>include</c> may name, for this set.</summary>
    internal IEnumerable<(string Name, Template Template)> Includes(string? set) => _templates.Keys
        .Select(BareName)
        .Where(name => !name.Contains('/'))
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(name => (Name: name, Found: TryFind(set, name)))
        // Null: another set has it, and neither this one nor the common folder.
        .Where(include => include.Found is not null)
        .Select(include => (include.Name, include.Found!.Value.Template));

    // An event that is named like a set's file, a built-in copy or an include is not asking for it.
    private static bool IsEventName(string name) => !name.StartsWith('_') && name.AsSpan().IndexOfAny('/', ':') < 0;

    private (string Name, Template Template)? TryFind(string? set, string name)
    {
        // Names come from anybody's events: they are looked up among what was loaded, never joined to a path.
        string[] places = set is null ? [name, BuiltInPrefix + name] : [$"{set}/{name}", name, BuiltInPrefix + name];
        foreach (var place in places)
        {
            if (_templates.TryGetValue(place, out var found)) return found;
        }

        return null;
    }

    private static string BareName(string name)
    {
        var bare = name.StartsWith(BuiltInPrefix, StringComparison.Ordinal) ? name[BuiltInPrefix.Length..] : name;
        return bare[(bare.LastIndexOf('/') + 1)..];
    }

    private void Add(string fileName, string? text)
    {
        if (text is null)
        {
            _faults.Add(new RenderFault(fileName, 0, 0, "The file can't be read."));
            return;
        }

        // An author's own private-use characters must not be taken for tokens.
        var template = Template.Parse(string.Concat(text.Where(character => !ValueTokens.IsTokenCharacter(character))), fileName);
        var fault = template.Messages.FirstOrDefault(message => message.Type == ParserMessageType.Error);
        if (fault is null)
        {
            _templates[KeyOf(fileName)] = (fileName, template);
            _digests[fileName] = DigestOf(text);
        }
        else _faults.Add(new RenderFault(fileName, fault.Span.Start.Line + 1, fault.Span.Start.Column + 1, fault.Message));
    }

    private void Keep(string fileName, TemplateStore? before)
    {
        if (before is null || !before._templates.TryGetValue(KeyOf(fileName), out var good)) return;
        _templates[KeyOf(fileName)] = good;
        _digests[good.FileName] = before._digests[good.FileName];
    }

    private static string KeyOf(string fileName) => fileName[..^".sbn".Length];

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Error, "Template {Template} line {Line} column {Column}: {Fault} The template is left out; the next one in order stands in.")]
        public static partial void Broken(ILogger logger, string template, int line, int column, string fault);

        [LoggerMessage(301, LogLevel.Error, "Template {Template} line {Line} column {Column}: {Fault} The template's last good version stays in force.")]
        public static partial void Kept(ILogger logger, string template, int line, int column, string fault);
    }
}
