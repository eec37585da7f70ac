using Scriban;

namespace DefectNotifier.Rendering.Templates;

/// <summary>A loaded template.</summary>
/// <param name="source">Its text is not null.</param>
internal sealed class StoredTemplate(TemplateSource source)
{
    private Template? _template;

    public TemplateSource Source => source;

    public string Name => source.Name;

    public bool IsJson => source.IsJson;

    /// <summary>Parsed on its first use, because shipped templates are valid and most are never used; with its errors if it has any.</summary>
    public Template Template => _template ??= Template.Parse(source.Code, Name);

    /// <summary>The first syntax error; null for a valid template.</summary>
    public RenderError? FindError() => TemplateSyntax.ErrorsOf(source, Template).FirstOrDefault() is { } error
        ? new RenderError(Name, error.Line, error.Column, error.Message)
        : null;
}
