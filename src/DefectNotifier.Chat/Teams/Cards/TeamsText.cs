using System.Buffers;
using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>Makes text literal for an Adaptive Card: for properties with Markdown and for those without.</summary>
internal static class TeamsText
{
    private const char WordJoiner = '\u2060';

    private static readonly SearchValues<char> MarkdownCharacters = SearchValues.Create("\\`*_{}[]()#+-.!|~");

    /// <summary>
    /// For properties without Markdown. The Adaptive Cards SDK replaces <c>{{DATE(...)}}</c> and <c>{{TIME(...)}}</c> even there, so an
    /// invisible character is put between the braces. learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features
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

    /// <summary>For properties with Markdown: a fact, a fallback text. Line breaks become spaces.</summary>
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
    /// Runs as Markdown: links stay links, the rest is plain, because phones support little more. Leading and trailing spaces are removed:
    /// four leading spaces would make a code block.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<MessageInline> runs) => string.Concat(runs.Select(ToMarkdown)).Trim();

    /// <summary>The same with bold and italic styles and line breaks, for a text that must be Markdown because of a mention.</summary>
    public static string ToStyledMarkdown(IReadOnlyList<MessageInline> runs) => string.Concat(runs.Select(ToStyledMarkdown)).Trim();

    /// <summary>One run, with its leading and trailing spaces.</summary>
    public static string ToStyledMarkdown(MessageInline run)
    {
        var marks = (run.Style.HasFlag(InlineStyle.Bold) ? "**" : "") + (run.Style.HasFlag(InlineStyle.Italic) ? "_" : "");
        var lines = run.Text.Split('\n').Select(line => ToMarkdown(run with { Text = line }));
        return string.Join("\n\n", lines.Select(line =>
            line.Length > 0 && line.Trim() == line ? $"{marks}{line}{string.Concat(marks.Reverse())}" : line));
    }

    /// <summary>A mention as it is written in a text and in the entity that declares it.</summary>
    public static string AtOf(Mention mention) => $"<at>{mention.Name}</at>";

    private static string ToMarkdown(MessageInline run)
    {
        if (run.Mention is { Teams: not null } mention) return AtOf(mention);
        return run.Url is null ? EscapeMarkdown(run.Text) : $"[{EscapeMarkdown(run.Text)}]({LinkTarget(run.Url)})";
    }

    /// <summary>
    /// Markdown decodes entities in URLs too, so <c>&amp;copy;</c> in a URL must not end in a semicolon. Escaping the ampersand instead
    /// does not work: the parser on phones would keep the escape in the URL.
    /// </summary>
    public static string LinkTarget(string url) => url.Replace(";", "%3B", StringComparison.Ordinal);

    private static bool IsFunctionAt(ReadOnlySpan<char> text) =>
        text.StartsWith("{{DATE(", StringComparison.OrdinalIgnoreCase) || text.StartsWith("{{TIME(", StringComparison.OrdinalIgnoreCase);
}
