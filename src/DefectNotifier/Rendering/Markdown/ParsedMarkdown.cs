using System.Collections.Concurrent;
using Markdig;
using Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// The Markdown that was parsed lately, by its text. A template writes tokens in place of values, so most of its messages are the same text, and parsing is the most of
/// what reading it costs. Nobody changes a document that was parsed, so all threads share them.
/// </summary>
internal sealed class ParsedMarkdown(MarkdownPipeline pipeline)
{
    /// <summary>More than the texts that a few dozen templates write with their branches.</summary>
    private const int MaxDocuments = 200;

    /// <summary>In UTF-16 units. A document takes some 40 times its text; all of them together stay within 20 MB.</summary>
    private const int MaxText = 2_000;

    private readonly ConcurrentDictionary<string, MarkdownDocument> _documents = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">It is nested too deep to be read.</exception>
    public MarkdownDocument Parse(string text)
    {
        if (text.Length > MaxText) return Markdig.Markdown.Parse(text, pipeline);
        if (_documents.TryGetValue(text, out var known)) return known;
        var document = Markdig.Markdown.Parse(text, pipeline);
        // A template that writes another text each time is no reason to keep any; those that don't are soon back.
        if (_documents.Count >= MaxDocuments) _documents.Clear();
        _documents[text] = document;
        return document;
    }
}
