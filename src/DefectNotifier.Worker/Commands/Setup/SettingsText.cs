using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>
/// The text of a settings file. A value is inserted without a change to anything else: comments, order and spaces stay as they are.
/// </summary>
/// <param name="text">JSON, with comments and trailing commas as the settings allow them.</param>
internal sealed class SettingsText(string text)
{
    private const string Step = "  ";

    private static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The whole text.</summary>
    public string Text { get; private set; } = text;

    /// <summary>Adds a member at the end of a section of the root, which is added when it is missing.</summary>
    public void AddMember(string section, string name, string json) =>
        Insert(Ensure(section, "{}"), int.MaxValue, $"{Quoted(name)}: {json}");

    /// <summary>Adds an entry to a list of the root, which is added when it is missing.</summary>
    /// <param name="section">The name of the list.</param>
    /// <param name="index">The index that it gets; behind the end means at the end.</param>
    /// <param name="json">The entry, indented from the left margin.</param>
    public void AddEntry(string section, int index, string json) => Insert(Ensure(section, "[]"), index, json);

    private Container Ensure(string section, string empty)
    {
        if (Find(section) is { } found) return found;
        Insert(Find(section: null)!, int.MaxValue, $"{Quoted(section)}: {empty}");
        return Find(section)!;
    }

    private static string Quoted(string name) => JsonValue.Create(name).ToJsonString(OperationsJson.NewOptions());

    private void Insert(Container container, int index, string json)
    {
        var newLine = Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var outer = IndentAt(container.Start);
        var isMultiline = container.Elements.Count > 0 && Text[container.Start..container.Elements[0].Start].Contains('\n');
        var inner = isMultiline ? IndentAt(container.Elements[0].Start) : outer + Step;
        var element = json.ReplaceLineEndings(newLine + inner);
        if (index < container.Elements.Count)
        {
            // Behind the comma before the element and the comment on the same line; the comments above the element stay with it.
            var previous = index == 0 ? container.Start + 1 : SkipToComma(container.Elements[index - 1].End) + 1;
            var at = isMultiline ? EndOfLine(previous) : previous;
            Text = Text.Insert(at, isMultiline ? newLine + inner + element + "," : $" {element},");
            return;
        }

        // Behind the comments that follow the last element, with the comma directly behind the element.
        var last = container.End;
        while (char.IsWhiteSpace(Text[last - 1])) last--;
        var rest = Text[last..container.End];
        var closing = rest.Contains('\n') ? "" : newLine + outer;
        Text = Text[..last] + newLine + inner + element + (closing.Length > 0 ? closing : rest) + Text[container.End..];
        if (container.Elements is [.., var final] && Text[SkipToComma(final.End)] != ',') Text = Text.Insert(final.End, ",");
    }

    // The place of the next comma, or of the closing bracket.
    private int SkipToComma(int at)
    {
        while (true)
        {
            if (StartsAt("//", at)) at = EndOfLine(at, afterComment: true);
            else if (StartsAt("/*", at)) at = Text.IndexOf("*/", at + 2, StringComparison.Ordinal) + 2;
            else if (char.IsWhiteSpace(Text[at])) at++;
            else return at;
        }
    }

    private bool StartsAt(string mark, int at) => string.CompareOrdinal(Text, at, mark, 0, mark.Length) == 0;

    // The end of the line when only spaces and a comment follow; otherwise the place itself.
    private int EndOfLine(int at, bool afterComment = false)
    {
        var end = at;
        while (!afterComment && Text[end] is ' ' or '\t') end++;
        if (!afterComment && Text[end] is not ('\r' or '\n') && !StartsAt("//", end)) return at;
        while (end < Text.Length && Text[end] is not ('\r' or '\n')) end++;
        return end;
    }

    private string IndentAt(int at)
    {
        var start = Text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;
        var end = start;
        while (end < at && Text[end] is ' ' or '\t') end++;
        return Text[start..end];
    }

    // Null: there is no such section. Without a section, the root. The last one counts, as for the reader of the settings.
    private Container? Find(string? section)
    {
        var bytes = Encoding.UTF8.GetBytes(Text);
        var reader = new Utf8JsonReader(bytes, Options);
        reader.Read();
        if (section is null) return Read(ref reader, bytes);
        Container? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = string.Equals(reader.GetString(), section, StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isIt && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) found = Read(ref reader, bytes);
            else reader.Skip();
        }

        return found;
    }

    private static Container Read(ref Utf8JsonReader reader, byte[] bytes)
    {
        var (start, elements) = (reader.TokenStartIndex, new List<(int Start, int End)>());
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var first = reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.PropertyName) reader.Read();
            reader.Skip();
            elements.Add((Characters(bytes, first), Characters(bytes, reader.BytesConsumed)));
        }

        return new Container(Characters(bytes, start), elements, Characters(bytes, reader.TokenStartIndex));
    }

    private static int Characters(byte[] bytes, long length) => Encoding.UTF8.GetCharCount(bytes, 0, (int)length);

    /// <summary>An object or a list: the places of its opening and closing brackets, and its members or entries.</summary>
    private sealed record Container(int Start, IReadOnlyList<(int Start, int End)> Elements, int End);
}
