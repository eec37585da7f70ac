using DefectNotifier.Rendering.Values;
using Scriban;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// A template file. Files are named <c>[set/]NAME.sbn</c> for Markdown, and <c>[set/]slack/NAME.json.sbn</c> or
/// <c>[set/]teams/NAME.json.sbn</c> for a platform's own JSON.
/// </summary>
/// <param name="name">
/// The relative path with forward slashes: <c>finance/defect.created.sbn</c>; with the prefix <c>built-in:</c> for a shipped template.
/// </param>
/// <param name="text">Null when the file cannot be read.</param>
public sealed class TemplateSource(string name, string? text)
{
    /// <summary>The prefix of the names of shipped templates.</summary>
    public const string BuiltInPrefix = "built-in:";

    private const string JsonExtension = ".json" + TemplateFiles.Extension;

    private Template? _template;

    public string Name => name;

    public string? Text => text;

    /// <summary>Why the file cannot be read, as a sentence; null when it can.</summary>
    public string? ReadError { get; init; }

    public bool IsBuiltIn => Name.StartsWith(BuiltInPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The text that is parsed: without private-use characters, which would be taken for tokens. Empty for an unreadable file.
    /// </summary>
    internal string Code => ValueTokens.IsIn(text)
        ? string.Concat(text!.Where(character => !ValueTokens.IsTokenCharacter(character)))
        : text ?? "";

    /// <summary>
    /// Parsed on its first use, because shipped templates are valid and most are never used; with its errors if it has any.
    /// </summary>
    internal Template Template => _template ??= Template.Parse(Code, name);

    /// <summary>True for a platform's own JSON, false for Markdown.</summary>
    public bool IsJson => Name.EndsWith(JsonExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders of the file: a set, a platform, or a set and a platform; empty for a common template.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    /// <summary>The name that events and includes refer to: <c>defect.created</c>, <c>_footer</c>.</summary>
    public string BareName
    {
        get
        {
            var file = Path[(Path.LastIndexOf('/') + 1)..];
            return file[..^(IsJson ? JsonExtension : TemplateFiles.Extension).Length];
        }
    }

    /// <summary>True for a template that is only included by others.</summary>
    public bool IsPiece => BareName.StartsWith('_');

    /// <summary>Why a file in this folder is never used; null: it can be used.</summary>
    public string? PathError
    {
        get
        {
            var folders = Path.Split('/')[..^1];
            var isPlatform = folders.Length > 0 && ChatPlatforms.Parse(folders[^1]) is not null;
            if (IsJson && !isPlatform)
                return $"A JSON template belongs in the folder of its platform: {string.Join(" or ", ChatPlatforms.Words)}.";
            if (!IsJson && isPlatform)
            {
                return $"The folder of a platform may contain only JSON templates; their names end in {JsonExtension}. "
                    + $"For other words in a Markdown template, write {{{{ if message.platform == '{folders[^1]}' }}}} there.";
            }

            if (folders.Length <= (isPlatform ? 2 : 1)) return null;
            var platforms = string.Join(" and ", ChatPlatforms.Words);
            return $"The folder is nested too deeply: a set may contain only templates and the folders {platforms}.";
        }
    }

    private string Path => IsBuiltIn ? Name[BuiltInPrefix.Length..] : Name;

    /// <summary>The shipped templates, then the files of the folder.</summary>
    /// <exception cref="TemplateFolderException">The folder cannot be read.</exception>
    public static IReadOnlyList<TemplateSource> ReadAll(TemplateOptions options) => AllOf(FolderSnapshot.Read(options.Path));

    /// <summary>True for the name of a folder that can be a template set.</summary>
    public static bool IsSetName(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')) return false;
        return true;
    }

    internal static IReadOnlyList<TemplateSource> AllOf(FolderSnapshot folder) =>
    [
        .. TemplateFiles.ReadShipped().Select(file => new TemplateSource(BuiltInPrefix + file.Name, file.Text)),
        .. folder.Sources.OrderBy(source => source.Name, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The files that are tried for a template, in this order: the route's set, the common folder, the shipped
    /// templates; in each of them the platform's JSON before Markdown.
    /// </summary>
    /// <param name="set">The route's template set; null: none.</param>
    /// <param name="name">The bare name.</param>
    /// <param name="platform">Null: Markdown only.</param>
    internal static IEnumerable<(string File, bool IsJson)> FilesOf(string? set, string name, ChatPlatform? platform)
    {
        string[] folders = set is null ? ["", BuiltInPrefix] : [$"{set}/", "", BuiltInPrefix];
        foreach (var folder in folders)
        {
            if (platform is not null)
                yield return ($"{folder}{platform.Value.Word()}/{name}{JsonExtension}", true);
            yield return ($"{folder}{name}{TemplateFiles.Extension}", false);
        }
    }

    /// <summary>The line and column that an editor shows: lines end with a line feed, and both numbers start at 1.</summary>
    /// <param name="offset">
    /// An offset in <see cref="Code"/>; may be past the end. Scriban's own lines and columns count carriage returns differently.
    /// </param>
    internal (int Line, int Column) LocationOf(int offset)
    {
        var at = 0;
        for (var left = offset; at < text?.Length && (left > 0 || ValueTokens.IsTokenCharacter(text[at])); at++)
            if (!ValueTokens.IsTokenCharacter(text[at])) left--;
        var before = text.AsSpan(0, at);
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    internal TemplateIssue IssueAt(int offset, TemplateIssueKind kind, string message)
    {
        var (line, column) = LocationOf(offset);
        return new TemplateIssue(kind, Name, line, column, message);
    }
}
