using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// The parsed output of a JSON template, with tokens in place of values. A formatter replaces them, each as its place requires.
/// </summary>
public sealed class JsonTemplate
{
    /// <summary>More would not help the author.</summary>
    private const int MaxWarnings = 20;

    private readonly ValueTokens _tokens;
    private readonly List<JsonTemplateException> _warnings = [];

    internal JsonTemplate(JsonNode root, ValueTokens tokens)
    {
        Root = root;
        _tokens = tokens;
    }

    /// <summary>
    /// An object or an array. Its strings may contain tokens, which <see cref="Split"/> and <see cref="UrlOf"/> replace; its property
    /// names contain none.
    /// </summary>
    public JsonNode Root { get; }

    /// <summary>Notes to show below the message.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc cref="MessageDocument.Labels"/>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <inheritdoc cref="MessageDocument.Link"/>
    public string? Link { get; init; }

    /// <summary>
    /// The heading of the event's Markdown template, for the notification of a message without text; null: there is none.
    /// </summary>
    public Lazy<string?> Heading { get; init; } = new((string?)null);

    /// <summary>The length of the longest value's text, in UTF-16 units.</summary>
    public int MaxValueLength => _tokens.MaxLength;

    /// <summary>What was left out or changed, most likely against the author's intention.</summary>
    public IReadOnlyList<JsonTemplateException> Warnings => _warnings;

    /// <summary>Adds a warning for the template's author; only the first few are kept, and only the first one for a path.</summary>
    public void Warn(string path, string message)
    {
        if (_warnings.Count < MaxWarnings && !_warnings.Exists(warning => warning.Path == path))
            _warnings.Add(new JsonTemplateException(path, message));
    }

    public static bool HasValue(string text) => ValueTokens.IsIn(text);

    /// <summary>Splits a string into the author's own text and the values in it.</summary>
    /// <param name="text">A string of <see cref="Root"/>, or a part of one.</param>
    /// <param name="cap">The maximum length of a value, in UTF-16 units; longer ones are truncated with an ellipsis.</param>
    public IEnumerable<JsonTemplatePiece> Split(string text, int cap)
    {
        foreach (var (literal, value) in _tokens.Split(text))
        {
            if (value is not { } found) yield return new JsonTemplatePiece(new MessageInline(literal), IsValue: false);
            else foreach (var inline in found.Inlines) yield return new JsonTemplatePiece(Truncate(inline, cap), IsValue: true);
        }
    }

    /// <summary>The string with its values on one line where <paramref name="isOneLine"/> is true for their positions.</summary>
    public string OnOneLine(string text, Predicate<int> isOneLine)
    {
        var changed = new StringBuilder();
        var position = 0;
        foreach (var (part, value) in _tokens.Split(text))
        {
            position = text.IndexOf(part, position, StringComparison.Ordinal);
            changed.Append(value is { } found && isOneLine(position) ? _tokens.Add(found.OnOneLine()) : part);
            position += part.Length;
        }

        return changed.ToString();
    }

    /// <summary>True for the address of an attachment that is not a picture.</summary>
    public bool IsFile(string? url) => url is not null && _tokens.Files.Contains(url);

    /// <summary>The string as an address, with its values percent-encoded; null when it is not a safe address.</summary>
    public string? UrlOf(string text) => _tokens.UrlOf(text);

    // A truncated date or mention is only text.
    private static MessageInline Truncate(MessageInline inline, int cap) => inline.Text.Length <= cap
        ? inline
        : inline with { Text = Graphemes.Truncate(inline.Text, cap), Date = null, Mention = null };
}

/// <summary>A piece of a string in a JSON template.</summary>
/// <param name="Inline">The piece.</param>
/// <param name="IsValue">True: a value, which must be shown literally. False: the author's own text and markup.</param>
public sealed record JsonTemplatePiece(MessageInline Inline, bool IsValue);

/// <summary>The output of a JSON template is not a message of its platform.</summary>
/// <param name="path">The path in the JSON: <c>$.blocks[2].text</c>.</param>
/// <param name="message">What is wrong there.</param>
public sealed class JsonTemplateException(string path, string message) : Exception($"{path}: {message}")
{
    public string Path { get; } = path;
}
