namespace DefectNotifier.Rendering.Templates;

/// <summary>A template's file.</summary>
/// <param name="Name">Relative, with forward slashes: <c>finance/defect.created.sbn</c>; with <c>built-in:</c> before it for the program's own copy.</param>
/// <param name="Text">What it says; null when it can't be read.</param>
public sealed record TemplateSource(string Name, string? Text)
{
    /// <summary>What stands before the names of the program's own copies.</summary>
    public const string BuiltInPrefix = "built-in:";

    private const string Extension = ".sbn";

    public bool IsBuiltIn => Name.StartsWith(BuiltInPrefix, StringComparison.Ordinal);

    /// <summary>True for a platform's own JSON, false for Markdown.</summary>
    public bool IsJson => Name.EndsWith(".json" + Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders before the file's name: a set, a platform, or a set and a platform; empty for a common template.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    /// <summary>The name by which events and includes find it: <c>defect.created</c>, <c>_footer</c>.</summary>
    public string BareName
    {
        get
        {
            var file = Path[(Path.LastIndexOf('/') + 1)..];
            var name = file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? file[..^Extension.Length] : file;
            return IsJson ? name[..^".json".Length] : name;
        }
    }

    /// <summary>True for what only <c>include</c> asks for.</summary>
    public bool IsPiece => BareName.StartsWith('_');

    /// <summary>What is wrong with where it lies, so that nobody reads it; null: nothing.</summary>
    public string? PlaceError => TemplatePath.ErrorOf(Path);

    private string Path => IsBuiltIn ? Name[BuiltInPrefix.Length..] : Name;

    /// <summary>The copies inside the program, then the folder's files.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    public static IReadOnlyList<TemplateSource> ReadAll(TemplateOptions options) =>
    [
        .. TemplateFiles.ReadShipped().Select(file => new TemplateSource(BuiltInPrefix + file.Name, file.Text)),
        .. TemplateFiles.ReadFolder(options.Path).Select(file => new TemplateSource(file.Name, file.Text)).OrderBy(source => source.Name, StringComparer.Ordinal),
    ];
}
