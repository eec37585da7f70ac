using System.Buffers;
using System.Text;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>
/// Makes a text literal where Teams reads Markdown, on desktops and on phones. Phones remove a backslash only before <c>*</c> and
/// <c>_</c>, and decode no entities, so an invisible character breaks all other markup. Two backticks are the exception: phones do
/// not support code and show the backslashes before them. (MarkDownParser in github.com/microsoft/Teams-AdaptiveCards-Mobile)
/// </summary>
internal static class TeamsMarkdown
{
    public const char WordJoiner = '\u2060';

    private static readonly SearchValues<char> MarkupCharacters = SearchValues.Create("\\`*_{[]()#+-.!|~<>&=:");

    /// <summary>The part of a mail address before its @.</summary>
    private static readonly SearchValues<char> MailboxCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <param name="text">The text; its line breaks become spaces.</param>
    /// <param name="hasCode">True when the text, together with what it is written into, has two backticks.</param>
    public static string Escape(string text, bool hasCode)
    {
        var line = text.ReplaceLineEndings(" ");
        if (!line.AsSpan().ContainsAny(MarkupCharacters)) return line;
        var escaped = new StringBuilder(line.Length + 16);
        var start = line.Length - line.AsSpan().TrimStart().Length;
        for (var at = 0; at < line.Length; at++)
        {
            var rest = line.AsSpan(at);
            if ((at >= start && Begins(line.AsSpan(start, at - start), rest, at == 0)) || (at > 0 && GoesOn(line[at - 1], rest)))
                escaped.Append(WordJoiner);
            if (line[at] is '*' or '_' || (hasCode && line[at] == '`')) escaped.Append('\\');
            escaped.Append(line[at]);
        }

        if (GoesOn(line[^1], [])) escaped.Append(WordJoiner);
        return escaped.ToString();
    }

    /// <summary>True when the rest begins markup, by itself or with what may be before the text.</summary>
    private static bool Begins(ReadOnlySpan<char> before, ReadOnlySpan<char> rest, bool isFirst) => rest[0] switch
    {
        // A heading, a quote, a line, a table, a block of code.
        '#' or '>' or '=' or '|' or '~' => before.IsEmpty,
        // A list. Phones begin one after these characters too.
        '-' or '+' => before.IsEmpty
            || (IsWordEnd(rest[1..]) && before[^1] is ')' or ']' or '[' or '+' or '-' or (>= '0' and <= '9')),
        // A numbered list.
        '.' or ')' => isFirst || (IsWordEnd(rest[1..]) && before.Length is > 0 and < 10 && !before.ContainsAnyExceptInRange('0', '9')),
        // The address or the definition of a link, an escape, a function.
        '(' or ':' or '\\' or '{' => isFirst,
        _ => false,
    };

    /// <summary>True when the character begins markup with the rest, or with what may be behind the text.</summary>
    private static bool GoesOn(char character, ReadOnlySpan<char> rest) => character switch
    {
        // An escape.
        '\\' => true,
        // A strikethrough.
        '~' => rest is [] or ['~', ..],
        // A link or its definition.
        ']' => rest is [] or ['(' or ':', ..],
        // An image.
        '!' => rest is [],
        // An entity.
        '&' => IsName(rest is ['#', ..] ? rest[1..] : rest),
        // A tag, an address or a mention.
        '<' => rest is [] or ['/' or '!' or '?', ..] || char.IsAsciiLetter(rest[0]) || IsMailAddress(rest),
        // A function: {{DATE(...)}}.
        '{' => rest is [] or ['{', ..],
        _ => false,
    };

    private static bool IsMailAddress(ReadOnlySpan<char> rest) =>
        rest.IndexOfAnyExcept(MailboxCharacters) is > 0 and var end && rest[end] == '@';

    private static bool IsWordEnd(ReadOnlySpan<char> rest) => rest.IsEmpty || char.IsWhiteSpace(rest[0]);

    private static bool IsName(ReadOnlySpan<char> rest) =>
        rest.IndexOfAnyExcept(NameCharacters) is var end && (end < 0 || rest[end] == ';');
}
