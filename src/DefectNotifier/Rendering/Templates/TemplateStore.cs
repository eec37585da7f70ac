using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Rendering.Values;
using Microsoft.Extensions.Logging;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The loaded templates. A template is searched in the route's set, then in the common folder, then among the shipped templates,
/// so every event has a template, even when a file is deleted or has errors.
/// </summary>
public sealed partial class TemplateStore
{
    private const string DefaultName = "default";

    private readonly Dictionary<string, TemplateSource> _templates = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RenderError> _errors = [];
    private readonly SortedDictionary<string, string> _digests = new(StringComparer.Ordinal);

    private readonly FolderSnapshot _folder;

    private TemplateStore(TemplateOptions options, FolderSnapshot folder)
    {
        Options = options;
        _folder = folder;
        Sources = TemplateSource.AllOf(folder);
    }

    public TemplateOptions Options { get; }

    /// <summary>The shipped templates and all files, also those with errors.</summary>
    public IReadOnlyList<TemplateSource> Sources { get; }

    /// <summary>One error for each file that could not be loaded.</summary>
    public IReadOnlyList<RenderError> Errors => _errors;

    /// <summary>The digest of each active template's text, by file name.</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>A digest of all active templates, because a template includes others.</summary>
    internal string Digest => field ??= DigestOf(string.Join('\n', _digests.Select(file => $"{file.Key} {file.Value}")));

    /// <summary>
    /// Loads all templates. A file with an error is logged; its last good version stays active, or it is skipped when there is none.
    /// </summary>
    /// <param name="options">The folder and the values for helpers.</param>
    /// <param name="logger">For the errors.</param>
    /// <param name="before">The templates that were active until now; null: none.</param>
    /// <exception cref="TemplateFolderException">The folder cannot be read.</exception>
    public static TemplateStore Load(TemplateOptions options, ILogger<TemplateStore> logger, TemplateStore? before = null)
    {
        var store = new TemplateStore(options, FolderSnapshot.Read(options.Path, before?._folder));
        foreach (var source in store.Sources) store.Add(source);
        foreach (var error in store._errors) store.KeepLastGood(error.Template, before);
        foreach (var error in store._errors)
        {
            if (store.Has(error.Template)) Log.Kept(logger, error.Location, error.Message);
            else Log.Skipped(logger, error.Location, error.Message);
        }

        return store;
    }

    /// <summary>A digest of all files as they are now, with or without errors. While it is unchanged, nothing has to be loaded.</summary>
    /// <param name="options">The folder.</param>
    /// <param name="before">The active templates; null: none.</param>
    /// <exception cref="TemplateFolderException">The folder cannot be read.</exception>
    public static string DigestOf(TemplateOptions options, TemplateStore? before = null)
    {
        var files = FolderSnapshot.Read(options.Path, before?._folder).Sources
            .Select(source => $"{source.Name} {source.ReadError ?? DigestOf(source.Text!)}");
        return DigestOf(string.Join('\n', files.Order(StringComparer.Ordinal)));
    }

    /// <summary>True when the file, or an earlier version of it, is active.</summary>
    public bool Has(string fileName) => _templates.ContainsKey(fileName);

    /// <summary>The name of the file that is used for an event: <c>finance/defect.created.sbn</c>, <c>built-in:default.sbn</c>.</summary>
    public string FileFor(string? set, string eventName, ChatPlatform platform) => Find(set, eventName, platform).First().Name;

    /// <summary>
    /// All templates that can be used for an event, the preferred one first, and always at least one in Markdown. All templates with
    /// the event's name come before those named <c>default</c>.
    /// </summary>
    /// <param name="set">The route's template set; null: none.</param>
    /// <param name="eventName">May be any text.</param>
    /// <param name="platform">Null: Markdown templates only.</param>
    internal IEnumerable<TemplateSource> Find(string? set, string eventName, ChatPlatform? platform) =>
        // An event must not select a template that is only included by others.
        (eventName.StartsWith('_') ? [] : FindAll(set, eventName, platform)).Concat(FindAll(set, DefaultName, platform));

    /// <summary>
    /// The templates with a name, the preferred one first. The file of another set or of a platform is never found by its path.
    /// </summary>
    /// <param name="set">The set; null: none.</param>
    /// <param name="name">The name of an event or an include. It may come from outside and contain anything.</param>
    /// <param name="platform">Null: Markdown templates only.</param>
    internal IEnumerable<TemplateSource> FindAll(string? set, string name, ChatPlatform? platform)
    {
        if (name.AsSpan().IndexOfAny('/', ':') >= 0) yield break;
        foreach (var (file, isJson) in TemplateSource.FilesOf(set, name, platform))
            if (_templates.TryGetValue(file, out var template) && template.IsJson == isJson) yield return template;
    }

    /// <summary>An error of a run, with its location in the file that caused it.</summary>
    /// <param name="span">The location in the parsed text.</param>
    /// <param name="running">The template that was run, for errors that Scriban reports without a file.</param>
    /// <param name="message">What is wrong.</param>
    internal RenderError ErrorAt(SourceSpan span, TemplateSource running, string message)
    {
        if (string.IsNullOrEmpty(span.FileName) || !_templates.TryGetValue(span.FileName, out var template))
            return new RenderError(running.Name, 0, 0, message);
        var (line, column) = template.LocationOf(span.Start.Offset);
        return new RenderError(template.Name, line, column, message);
    }

    private void Add(TemplateSource source)
    {
        if ((source.PathError ?? source.ReadError) is { } wrong)
        {
            _errors.Add(new RenderError(source.Name, 0, 0, wrong));
            return;
        }

        // Shipped templates and unchanged copies of them are valid, so they are not parsed at startup. Most folders contain little else.
        if (!IsShipped(source) && TemplateSyntax.ErrorsOf(source).FirstOrDefault() is { } error)
        {
            _errors.Add(new RenderError(source.Name, error.Line, error.Column, error.Message));
            return;
        }

        _templates[source.Name] = source;
        _digests[source.Name] = DigestOf(source.Text!);
    }

    private bool IsShipped(TemplateSource source) => source.IsBuiltIn
        || (_templates.TryGetValue(TemplateSource.BuiltInPrefix + source.Name, out var shipped) && shipped.Text == source.Text);

    private void KeepLastGood(string name, TemplateStore? before)
    {
        if (before is null || !before._templates.TryGetValue(name, out var good)) return;
        _templates[name] = good;
        _digests[good.Name] = before._digests[good.Name];
    }

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Error, "Template {Location}: {Error} The template is skipped; the next one in lookup order is used.")]
        public static partial void Skipped(ILogger logger, string location, string error);

        [LoggerMessage(301, LogLevel.Error, "Template {Location}: {Error} The template's last good version stays active.")]
        public static partial void Kept(ILogger logger, string location, string error);
    }
}
