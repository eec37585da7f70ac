using System.Collections.Concurrent;
using Markdig;
using Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// A cache of parsed Markdown. Templates write tokens in place of values, so most of a template's messages have the same text, and
/// parsing is the largest part of the cost of reading it. Parsed documents are never modified, so threads can share them.
/// </summary>
internal sealed class MarkdownCache(MarkdownPipeline pipeline)
{
    /// <summary>More than the different texts that a few dozen templates write.</summary>
    private const int MaxDocuments = 200;

    /// <summary>In UTF-16 units. A document takes about 40 times the memory of its text; all together stay below 20 MB.</summary>
    private const int MaxText = 2_000;

    private readonly ConcurrentDictionary<string, MarkdownDocument> _documents = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The text is nested too deeply.</exception>
    public MarkdownDocument Parse(string text)
    {
        if (text.Length > MaxText) return Markdig.Markdown.Parse(text, pipeline);
        if (_documents.TryGetValue(text, out var known)) return known;
        var document = Markdig.Markdown.Parse(text, pipeline);
        // A template that writes a different text each time fills the cache; clearing it is cheap, because the others return soon.
        if (_documents.Count >= MaxDocuments) _documents.Clear();
        _documents[text] = document;
        return document;
    }
}
