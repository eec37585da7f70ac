using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>Makes text literal for an Adaptive Card: for properties with Markdown and for those without.</summary>
internal static partial class TeamsText
{
    private const char NoBreakSpace = '\u00A0';
    private const int TabWidth = 4;

    /// <summary>In milliseconds; normal texts need a fraction of it.</summary>
    private const int MatchTimeout = 1_000;

    private static readonly string WordJoiner = TeamsMarkdown.WordJoiner.ToString();

    /// <summary>
    /// For properties without Markdown. The Adaptive Cards SDK replaces <c>{{DATE(...)}}</c> and <c>{{TIME(...)}}</c> even there, so an
    /// invisible character is put between the braces. learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features
    /// </summary>
    public static string Literal(string text) =>
        text.Contains("{{", StringComparison.Ordinal) ? Function().Replace(text, WordJoiner) : text;

    /// <summary>
    /// For a TextRun. Teams on iPhones reads Markdown there too, against the documentation, so a <c>[text](address)</c> in a value would
    /// become a link (ACRRichTextBlockRenderer.mm in github.com/microsoft/Teams-AdaptiveCards-Mobile).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="isCode">True for preformatted text: its first line is indented too.</param>
    public static string TextRun(string text, bool isCode) =>
        Literal(KeepSpaces(text, isCode)).Replace("](", $"]{WordJoiner}(", StringComparison.Ordinal);

    /// <summary>For properties with Markdown: a fact, a fallback text. Line breaks become spaces.</summary>
    public static string EscapeMarkdown(string text) => TeamsMarkdown.Escape(text, HasCode([new MessageInline(text)]));

    /// <summary>
    /// Runs as Markdown: links stay links, the rest is plain, because phones support little more. Leading and trailing spaces are removed.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<MessageInline> runs)
    {
        var hasCode = HasCode(runs);
        return string.Concat(runs.Select(run => ToMarkdown(run, hasCode))).Trim();
    }

    /// <summary>The same with bold and italic styles and line breaks, for a text that must be Markdown because of a mention.</summary>
    public static string ToStyledMarkdown(IReadOnlyList<MessageInline> runs)
    {
        var hasCode = HasCode(runs);
        return string.Concat(runs.Select(run => ToStyledMarkdown(run, hasCode))).Trim();
    }

    /// <summary>One run, with its leading and trailing spaces.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hasCode">See <see cref="HasCode"/>.</param>
    public static string ToStyledMarkdown(MessageInline run, bool hasCode)
    {
        var marks = (run.Style.HasFlag(InlineStyle.Bold) ? "**" : "") + (run.Style.HasFlag(InlineStyle.Italic) ? "_" : "");
        var lines = KeepSpaces(run.Text, isCode: false).Split('\n').Select(line =>
            (line is [NoBreakSpace, ..] ? WordJoiner : "") + ToMarkdown(run with { Text = line }, hasCode));
        var text = string.Join("\n\n", lines.Select(line => line.Length > 0 && line.Trim() == line ? Mark(line, marks) : line));
        return marks.Length == 0 && EndsLikeListNumber(run.Text) ? text + WordJoiner : text;
    }

    /// <summary>True when the texts together contain two backticks, between which Markdown would show code.</summary>
    public static bool HasCode(IEnumerable<MessageInline> runs) => runs.Sum(run => run.Text.AsSpan().Count('`')) > 1;

    /// <summary>A mention as it is written in a text and in the entity that declares it.</summary>
    public static string AtOf(Mention mention) => $"<at>{mention.Name}</at>";

    /// <summary>
    /// Markdown decodes entities in URLs too, so <c>&amp;copy;</c> in a URL must not end in a semicolon. Escaping the ampersand instead
    /// does not work: the parser on phones would keep the escape in the URL.
    /// </summary>
    public static string LinkTarget(string url) => url.Replace(";", "%3B", StringComparison.Ordinal);

    /// <summary>The text of a link: its brackets must not end it. Phones remove a backslash before a bracket only beside a link.</summary>
    public static string EscapeLabel(string text) =>
        text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    // A last line of only a number begins a list when a template continues with a period or a parenthesis. In the first line the template
    // itself decides what is before the number.
    private static bool EndsLikeListNumber(string text)
    {
        var line = text.AsSpan()[(text.LastIndexOf('\n') + 1)..];
        return line.Length < text.Length && line.Length is > 0 and < 10 && !line.ContainsAnyExceptInRange('0', '9');
    }

    // Beside punctuation Markdown reads marks only at the end of a word, so the text begins and ends like a word.
    private static string Mark(string text, string marks)
    {
        if (marks.Length == 0) return text;
        return $"{marks}{Edge(text[0])}{text}{Edge(text[^1])}{string.Concat(marks.Reverse())}";

        static string Edge(char edge) => char.IsLetterOrDigit(edge) || edge == TeamsMarkdown.WordJoiner ? "" : WordJoiner;
    }

    private static string ToMarkdown(MessageInline run, bool hasCode)
    {
        if (run.Mention is { Teams: not null } mention) return AtOf(mention);
        var text = TeamsMarkdown.Escape(run.Text, hasCode);
        return run.Url is null ? text : $"[{EscapeLabel(text)}]({LinkTarget(run.Url)})";
    }

    /// <summary>
    /// Cards collapse spaces, so indented and aligned text needs no-break spaces. The last space between two words stays, because lines
    /// wrap there.
    /// </summary>
    private static string KeepSpaces(string text, bool isCode)
    {
        var hasSpaces = (isCode && text.StartsWith(' ')) || text.Contains("\n ", StringComparison.Ordinal)
            || text.Contains("  ", StringComparison.Ordinal) || text.Contains('\t');
        return hasSpaces ? Spaces().Replace(text, Kept) : text;

        string Kept(Match spaces)
        {
            var width = spaces.Value.Sum(space => space == '\t' ? TabWidth : 1);
            var isIndent = spaces.Index == 0 ? isCode : text[spaces.Index - 1] == '\n';
            return isIndent ? new string(NoBreakSpace, width) : new string(NoBreakSpace, width - 1) + " ";
        }
    }

    [GeneratedRegex(@"(?<=^|\n)[ \t]+|[ \t]{2,}|\t", RegexOptions.None, MatchTimeout)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=\{)(?=\{(?:DATE|TIME)\()", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex Function();
}
