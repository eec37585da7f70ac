using System.Buffers;
using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>Makes text literal for the two kinds of places in an Adaptive Card: those that know Markdown and those that do not.</summary>
internal static class TeamsText
{
    private const char WordJoiner = '\u2060';

    private static readonly SearchValues<char> MarkdownCharacters = SearchValues.Create("\\`*_{}[]()#+-.!|~");

    /// <summary>
    /// For places without Markdown. The Adaptive Cards SDK replaces <c>{{DATE(...)}}</c> and <c>{{TIME(...)}}</c> even there, so an invisible
    /// character goes between their braces. learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features
    /// </summary>
    public static string Literal(string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal)) return text;
        var literal = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            literal.Append(text[i]);
            if (IsFunctionAt(text.AsSpan(i))) literal.Append(WordJoiner);
        }

        return literal.ToString();
    }

    /// <summary>For places with Markdown: a fact, a fallback text. Their line breaks are spaces.</summary>
    public static string EscapeMarkdown(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text.ReplaceLineEndings(" "))
        {
            switch (character)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                default:
                    if (MarkdownCharacters.Contains(character)) escaped.Append('\\');
                    escaped.Append(character);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>
    /// Runs in a place with Markdown: links are links, the rest is plain, because phones understand little more there. Outer spaces,
    /// which nobody would see, go: four of them in front would make a code block.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<MessageInline> runs) => string.Concat(runs.Select(ToMarkdown)).Trim();

    /// <summary>The same with bold and italic words and with lines, for a text that needs Markdown for a mention.</summary>
    public static string ToStyledMarkdown(IReadOnlyList<MessageInline> runs) => string.Concat(runs.Select(ToStyledMarkdown)).Trim();

    /// <summary>One run of it, its outer spaces kept.</summary>
    public static string ToStyledMarkdown(MessageInline run)
    {
        var marks = (run.Style.HasFlag(InlineStyle.Bold) ? "**" : "") + (run.Style.HasFlag(InlineStyle.Italic) ? "_" : "");
        var lines = run.Text.Split('\n').Select(line => ToMarkdown(run with { Text = line }));
        return string.Join("\n\n", lines.Select(line => line.Length > 0 && line.Trim() == line ? $"{marks}{line}{string.Concat(marks.Reverse())}" : line));
    }

    /// <summary>How a mention stands in a text, and again in the entity that says whom it means.</summary>
    public static string AtOf(Mention mention) => $"<at>{mention.Name}</at>";

    private static string ToMarkdown(MessageInline run)
    {
        if (run.Mention is { Teams: not null } mention) return AtOf(mention);
        return run.Url is null ? EscapeMarkdown(run.Text) : $"[{EscapeMarkdown(run.Text)}]({LinkTarget(run.Url)})";
    }

    /// <summary>
    /// Markdown decodes entities in addresses too, so <c>&amp;copy;</c> in one must not end in a semicolon. (Escaping the ampersand instead would reach
    /// phones, which have another parser, as part of the address.)
    /// </summary>
    public static string LinkTarget(string url) => url.Replace(";", "%3B", StringComparison.Ordinal);

    private static bool IsFunctionAt(ReadOnlySpan<char> text) =>
        text.StartsWith("{{DATE(", StringComparison.OrdinalIgnoreCase) || text.StartsWith("{{TIME(", StringComparison.OrdinalIgnoreCase);
}
