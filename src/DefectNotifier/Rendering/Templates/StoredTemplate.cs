using DefectNotifier.Rendering.Values;
using Scriban;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// A loaded template. It is parsed on its first use: the shipped templates are valid, so they are not parsed at startup.
/// </summary>
internal sealed class StoredTemplate
{
    private readonly Lazy<Template> _template;

    /// <param name="source">Its text is not null.</param>
    public StoredTemplate(TemplateSource source)
    {
        Source = source;
        _template = new Lazy<Template>(() => Template.Parse(Cleaned(source.Text!), source.Name));
    }

    public TemplateSource Source { get; }

    public string Name => Source.Name;

    public bool IsJson => Source.IsJson;

    /// <summary>Parsed, with its errors if it has any.</summary>
    public Template Template => _template.Value;

    /// <summary>The first syntax error; null for a valid template.</summary>
    public RenderError? FindError()
    {
        var parsed = Source with { Text = Cleaned(Source.Text!) };
        return TemplateSyntax.ErrorsOf(parsed, Template).FirstOrDefault() is { } error
            ? new RenderError(Name, error.Line, error.Column, error.Message)
            : null;
    }

    /// <summary>The line and column in the file.</summary>
    /// <param name="offset">An offset in the parsed text, from which token characters were removed.</param>
    public (int Line, int Column) LocationOf(int offset)
    {
        var text = Source.Text!;
        var at = 0;
        for (var left = offset; at < text.Length && (left > 0 || ValueTokens.IsTokenCharacter(text[at])); at++)
            if (!ValueTokens.IsTokenCharacter(text[at])) left--;
        return Source.LocationOf(at);
    }

    // Private-use characters in a template must not be taken for tokens.
    private static string Cleaned(string text) => ValueTokens.IsIn(text)
        ? string.Concat(text.Where(character => !ValueTokens.IsTokenCharacter(character)))
        : text;
}
