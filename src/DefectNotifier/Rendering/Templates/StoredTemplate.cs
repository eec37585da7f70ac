using DefectNotifier.Rendering.Values;
using Scriban;

namespace DefectNotifier.Rendering.Templates;

/// <summary>A template that was read. It is parsed when it is first asked for: what is known to be sound need not be before.</summary>
/// <param name="name">With the name as the file spells it: <c>finance/slack/defect.created.json.sbn</c>, <c>built-in:default.sbn</c>.</param>
/// <param name="text">What the file says.</param>
/// <param name="isJson">True: it writes the JSON of a platform. False: Markdown.</param>
internal sealed class StoredTemplate(string name, string text, bool isJson)
{
    private readonly Lazy<Template> _template = new(() => Template.Parse(Own(text), name));

    public string Name => name;

    public bool IsJson => isJson;

    /// <summary>Parsed, with its errors if it has any.</summary>
    public Template Template => _template.Value;

    /// <summary>What keeps it from being used, the first thing of it; null: nothing.</summary>
    public RenderError? Error => TemplateSyntax.ErrorsOf(name, Own(text), Template).FirstOrDefault() is { } error ? new RenderError(name, error.Line, error.Column, error.Message) : null;

    /// <summary>True when it says the same, to the character.</summary>
    public bool Says(string other) => text == other;

    /// <summary>Where in the file something stands.</summary>
    /// <param name="offset">In what was parsed, which lacks the characters that tokens are made of.</param>
    public (int Line, int Column) PlaceOf(int offset)
    {
        var at = 0;
        for (var left = offset; at < text.Length && (left > 0 || ValueTokens.IsTokenCharacter(text[at])); at++)
            if (!ValueTokens.IsTokenCharacter(text[at])) left--;
        return TextLocation.Of(text, at);
    }

    // An author's own private-use characters must not be taken for tokens.
    private static string Own(string text) => text.Any(ValueTokens.IsTokenCharacter) ? string.Concat(text.Where(character => !ValueTokens.IsTokenCharacter(character))) : text;
}
