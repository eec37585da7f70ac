using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// What a JSON template wrote: parsed, its values still apart from its own text. A formatter puts them in, each as its place wants it.
/// </summary>
public sealed class JsonTemplate
{
    private readonly ValueTokens _tokens;
    private readonly List<JsonTemplateException> _warnings = [];

    internal JsonTemplate(JsonNode root, ValueTokens tokens)
    {
        Root = root;
        _tokens = tokens;
    }

    /// <summary>An object or an array. The texts in it hold values only <see cref="Split"/> and <see cref="UrlOf"/> can read; the keys hold none.</summary>
    public JsonNode Root { get; }

    /// <summary>Lines of small print that belong under the message.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc cref="MessageDocument.Labels"/>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <inheritdoc cref="MessageDocument.Link"/>
    public string? Link { get; init; }

    /// <summary>The length of the longest value's text, in UTF-16 units.</summary>
    public int MaxValueLength => _tokens.MaxLength;

    /// <summary>What was left out or changed and is surely not meant.</summary>
    public IReadOnlyList<JsonTemplateException> Warnings => _warnings;

    /// <summary>Tells the template's author of something that costs no message. Once a place.</summary>
    public void Warn(string path, string message)
    {
        if (!_warnings.Exists(warning => warning.Path == path)) _warnings.Add(new JsonTemplateException(path, message));
    }

    public static bool HasValue(string text) => ValueTokens.IsIn(text);

    /// <param name="text">A text of <see cref="Root"/>, or a part of one.</param>
    /// <param name="cap">The longest value, in UTF-16 units; a longer one ends in an ellipsis.</param>
    public IEnumerable<JsonTemplatePiece> Split(string text, int cap)
    {
        foreach (var (literal, value) in _tokens.Split(text))
        {
            if (value is not { } placed) yield return new JsonTemplatePiece(new MessageInline(literal), IsValue: false);
            else foreach (var piece in placed.Pieces) yield return new JsonTemplatePiece(Cut(piece, cap), IsValue: true);
        }
    }

    /// <summary>The text as an address, its values percent-encoded; null when it is none that may be linked to.</summary>
    public string? UrlOf(string text) => _tokens.UrlOf(text);

    // Half a date words no moment any more, and half a name nobody.
    private static MessageInline Cut(MessageInline piece, int cap) =>
        piece.Text.Length <= cap ? piece : piece with { Text = Graphemes.Truncate(piece.Text, cap), Date = null, Mention = null };
}
