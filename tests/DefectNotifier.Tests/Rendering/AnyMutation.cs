using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using DefectNotifier.Tests.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering;

/// <summary>The shipped templates and the examples of their README with random typing mistakes.</summary>
internal static partial class AnyMutation
{
    private const int MaxCharacters = 5_000;

    private static readonly string[] MarkdownTexts =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("templates"), "*.sbn").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        .. ReadmeTests.Examples.Where(example => example.Data.Item1 == "sbn").Select(example => example.Data.Item2),
    ];

    private static readonly string[] SlackTexts =
        [File.ReadAllText(Repository.PathOf("tests/DefectNotifier.Tests/Rendering/JsonTemplates/Pasted/slack.json.sbn")),
        .. ReadmeTests.Examples.Where(example => example.Data.Item1 == "json slack").Select(example => example.Data.Item2)];

    private static readonly string[] TeamsTexts =
        [File.ReadAllText(Repository.PathOf("tests/DefectNotifier.Tests/Rendering/JsonTemplates/Pasted/teams.json.sbn")),
        .. ReadmeTests.Examples.Where(example => example.Data.Item1 == "json teams").Select(example => example.Data.Item2)];

    private static readonly Gen<string> Piece = Gen.OneOf(
        AnyTemplate.OneOf("{{", "}}", "{", "}", "{{~", "~}}", "{{-", "-}}", "|", "\"", "'", "`", "\n", "\n\n", " ", ".", ",", ":", ";",
            "(", ")", "[", "]", "](", "<", ">", "&", "\\", "*", "**", "_", "#", "\n# ", "\n- ", "\n> ", "\n---\n", "end", "if", "else",
            "for x in 1..5", "{{ end }}", "{{ else }}", "{{ if true }}", "{{ for x in 1..2000 }}", "{{ while true }}", "{{ ret }}",
                "\uE000", "\uE00B", "\u202E", "\0", "\t", "\r", "\uFEFF", "0", "-1", "1e9", "null", "@", "!", "=", "$", "%", "/", "?",
                "??", "?."),
        AnyTemplate.Expression,
        AnyTemplate.Expression.Select(expression => $"{{{{ {expression} }}}}"),
        Gen.Char.Select(character => character.ToString()));

    private static readonly Gen<(int Kind, int At, int To, string Piece)[]> Edits =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 100_000], Gen.Int[0, 100_000], Piece).Array[0, 6];

    public static readonly Gen<string> Markdown = Mutated(MarkdownTexts);

    public static readonly Gen<string> SlackJson = Mutated(SlackTexts);

    public static readonly Gen<string> TeamsJson = Mutated(TeamsTexts);

    private static Gen<string> Mutated(string[] texts) =>
        Gen.Select(Gen.Int[0, texts.Length - 1], Edits, (first, edits) =>
        WellFormed(edits.Aggregate(texts[first], (text, edit) => Edit(texts, text, edit))));

    // A file cannot contain half a character; files that are not UTF-8 have a test of their own.
    private static string WellFormed(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\uFFFD", "", StringComparison.Ordinal);

    private static string Edit(string[] texts, string text, (int Kind, int At, int To, string Piece) edit)
    {
        var at = edit.At % (text.Length + 1);
        var to = Math.Min(text.Length, at + (edit.To % 12));
        var lines = text.Split('\n');
        var (line, other) = (edit.At % lines.Length, edit.To % lines.Length);
        var changed = edit.Kind switch
        {
            0 => text.Remove(at, to - at),
            1 => text.Insert(at, edit.Piece),
            2 => text.Insert(at, text[at..to]),
            3 => text[..at] + edit.Piece + text[to..],
            4 => string.Concat(text.AsSpan(0, at), Tail(texts[edit.To % texts.Length], edit.At)),
            5 => string.Join('\n', lines.Where((_, index) => index != line)),
            6 => string.Join('\n', lines.Select((one, index) => index == line ? lines[other] : index == other ? lines[line] : one)),
            7 => WithTag(text, edit.At, _ => ""),
            8 => WithTag(text, edit.At, _ => $"{{{{ {edit.Piece} }}}}"),
            9 => WithWord(text, edit.At, edit.To),
            10 => WithWord(text, edit.At, edit.To),
            _ => WithTag(text, edit.At, tag => tag.Insert(edit.To % tag.Length, edit.Piece)),
        };
        return changed.Length > MaxCharacters ? changed[..MaxCharacters] : changed;
    }

    private static string Tail(string text, int from) => text[(from % text.Length)..];

    private static string WithTag(string text, int number, Func<string, string> change)
    {
        var tags = Tag().Matches(text);
        if (tags.Count == 0) return text;
        var tag = tags[number % tags.Count];
        return text[..tag.Index] + change(tag.Value) + text[(tag.Index + tag.Length)..];
    }

    /// <summary>Replaces a quoted string with another one.</summary>
    private static string WithWord(string text, int number, int other)
    {
        var words = Word().Matches(text);
        if (words.Count == 0) return text;
        var word = words[number % words.Count];
        return text[..word.Index] + words[other % words.Count].Value + text[(word.Index + word.Length)..];
    }

    [GeneratedRegex("\"[^\"\n]*\"")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Tag();
}
