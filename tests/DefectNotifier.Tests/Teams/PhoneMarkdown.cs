using System.Text;

namespace DefectNotifier.Tests.Teams;

/// <summary>
/// A model of how Teams on phones reads Markdown: links, bullets, bold and italics, and nothing else. It was compared with the parser in
/// github.com/microsoft/Teams-AdaptiveCards-Mobile (MarkDownParser) over 200,000 random texts. Bold and italics are paired more simply.
/// </summary>
internal sealed class PhoneMarkdown
{
    private readonly string _source;
    private readonly List<string> _links = [];
    private int _at;
    private bool _hasMarkup;

    private PhoneMarkdown(string source) => _source = source;

    private char Next => _at < _source.Length ? _source[_at] : '\0';

    /// <summary>What Android and iPhones show, and the addresses that open on a tap.</summary>
    public static (string Android, string IPhone, IReadOnlyList<string> Links) Read(string markdown)
    {
        var parser = new PhoneMarkdown(markdown);
        var parts = new List<Part>();
        while (parser._at < markdown.Length) parser.ReadBlock(parts);
        var text = parser.TextOf(parts);
        // Without any markup an iPhone shows the source, and removes only these backslashes.
        var source = markdown.Replace("\\*", "*", StringComparison.Ordinal).Replace("\\_", "_", StringComparison.Ordinal);
        return (text, parser._hasMarkup ? text : source, parser._links);
    }

    /// <summary>True when it was a link.</summary>
    private bool ReadBlock(List<Part> parts)
    {
        switch (Next)
        {
            case '[':
                return ReadLink(parts);
            case ']' or ')' or '\n' or '\r':
                parts.Add(new Part(_source[_at++].ToString()));
                break;
            case '-' or '+' or '*' when _at + 1 < _source.Length && _source[_at + 1] == ' ':
                ReadListItem(parts);
                break;
            case '-' or '+' or (>= '0' and <= '9'):
                parts.Add(new Part(_source[_at++].ToString()));
                while (char.IsAsciiDigit(_source[_at - 1]) && char.IsAsciiDigit(Next)) parts.Add(new Part(_source[_at++].ToString()));
                break;
            default:
                ReadText(parts);
                break;
        }

        return false;
    }

    private void ReadListItem(List<Part> parts)
    {
        _hasMarkup = true;
        _at++;
        while (Next == ' ') _at++;
        var item = new List<Part>();
        ReadBlock(item);
        while (_at < _source.Length)
        {
            if (Next is '\n' or '\r')
            {
                item.Add(new Part(_source[_at++].ToString()));
                if (Next is '\n' or '\r' or '-' or '+' or '*') break;
            }
            else
            {
                ReadBlock(item);
            }
        }

        parts.Add(new Part("• " + TextOf(item)));
    }

    private bool ReadLink(List<Part> parts)
    {
        _at++;
        var label = new List<Part>();
        while (_at < _source.Length && Next != ']')
            if (ReadBlock(label)) break;
        if (Next != ']')
        {
            parts.AddRange([new Part("["), .. label]);
            return false;
        }

        _at++;
        if (Next != '(')
        {
            parts.AddRange([new Part("["), .. label, new Part("]")]);
            return false;
        }

        _at++;
        var end = EndOfAddress();
        if (end < 0 || char.IsControl(Next) || Next == ' ')
        {
            parts.AddRange([new Part("["), .. label, new Part("](")]);
            return false;
        }

        _hasMarkup = true;
        _links.Add(_source[_at..end]);
        _at = end + 1;
        parts.Add(new Part(TextOf(label)));
        return true;
    }

    private int EndOfAddress()
    {
        var depth = 1;
        for (var at = _at; at < _source.Length; at++)
        {
            depth += _source[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0) return at;
        }

        return -1;
    }

    // To the next character that may begin or end a link, or the end of the line.
    private void ReadText(List<Part> parts)
    {
        var text = new StringBuilder();
        var isEscaped = false;
        while (_at < _source.Length && (isEscaped || Next is not ('[' or ']' or ')' or '\n' or '\r')))
        {
            if (!isEscaped && Next is '*' or '_')
            {
                Flush();
                ReadMarks(parts);
                // After marks a backslash is dropped before any character.
                if (Next == '\\') _at++;
                else if (Next is '[' or ']' or ')' or '\n' or '\r') break;
                if (_at == _source.Length) break;
            }
            else if (isEscaped && Next is '*' or '_' or '[' or ']' or ')' or '\n' or '\r')
            {
                text.Length--;
            }

            isEscaped = Next == '\\';
            text.Append(_source[_at++]);
        }

        Flush();
        return;

        void Flush()
        {
            parts.Add(new Part(text.ToString()));
            text.Clear();
        }
    }

    private void ReadMarks(List<Part> parts)
    {
        var before = _at == 0 ? ' ' : _source[_at - 1];
        var start = _at;
        while (Next is '*' or '_') _at++;
        var after = _at == _source.Length ? ' ' : Next;
        var isUnderscore = _source[start] == '_';
        var opens = !char.IsWhiteSpace(after) && !(IsWord(before) && (isUnderscore || !IsWord(after)));
        var closes = !char.IsWhiteSpace(before) && !(IsWord(after) && (isUnderscore || !IsWord(before)));
        parts.Add(new Part(_source[start.._at]) { Opens = opens, Closes = closes });
    }

    private static bool IsWord(char character) => character >= 0x80 || char.IsAsciiLetterOrDigit(character);

    /// <summary>The text without the marks of bold and italics.</summary>
    private string TextOf(List<Part> parts)
    {
        for (var close = 0; close < parts.Count; close++)
        {
            if (!parts[close].Closes) continue;
            var open = parts.FindLastIndex(Math.Max(close - 1, 0), part => part.Opens && part.Text[0] == parts[close].Text[0]);
            if (open < 0 || open >= close) continue;
            _hasMarkup = true;
            var used = Math.Min(parts[open].Text.Length, parts[close].Text.Length);
            parts[open] = parts[open].Without(used);
            parts[close] = parts[close].Without(used);
        }

        return string.Concat(parts.Select(part => part.Text));
    }

    private sealed record Part(string Text)
    {
        public bool Opens { get; init; }

        public bool Closes { get; init; }

        public Part Without(int marks) => this with { Text = Text[marks..], Opens = Opens && Text.Length > marks, Closes = false };
    }
}
