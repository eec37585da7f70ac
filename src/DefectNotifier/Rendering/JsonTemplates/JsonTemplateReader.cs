using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// Parses the JSON that a template wrote. Comments and trailing commas are allowed, as in the platforms' designers. A value outside
/// of quotes (<c>"value": {{ defect.id }}</c>) becomes a number, true or false, null, a string, a list or an object.
/// </summary>
internal sealed class JsonTemplateReader(TemplateRun run)
{
    private const int MaxDepth = 32;

    /// <summary>Five times the size of the largest message, without its values.</summary>
    private const int MaxText = 100_000;

    /// <summary>Twice as many objects and lists as the largest message can have.</summary>
    private const int MaxNodes = 2_000;

    /// <summary>The time to read an author's markup grows with the product of its length and the number of its marks.</summary>
    private const int MaxMarks = 2_000;

    private static readonly SearchValues<char> Nodes = SearchValues.Create("{[");

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~`<");

    private static readonly JsonDocumentOptions Tolerant = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    private readonly QuotedJson _json = new(run.Text);

    /// <exception cref="JsonException">The text is not JSON; the exception contains line and byte.</exception>
    /// <exception cref="JsonTemplateException">The JSON cannot be a message.</exception>
    public JsonNode Read()
    {
        var text = run.Text.AsSpan();
        if (text.Length > MaxText || text.CountAny(Nodes) > MaxNodes || text.CountAny(Marks) > MaxMarks)
            throw new JsonTemplateException("$", "the template's own text is larger than a message can be.");
        var root = JsonNode.Parse(_json.Text, documentOptions: Tolerant);
        if (root is not (JsonObject or JsonArray)) throw new JsonTemplateException("$", "is neither an object nor a list.");
        return Resolve(root, "$")!;
    }

    /// <summary>An error in the JSON, with the line of the template that wrote it.</summary>
    /// <param name="failure">A <see cref="JsonException"/> or a <see cref="JsonTemplateException"/>.</param>
    public RenderError ErrorOf(Exception failure)
    {
        var offset = _json.OriginalOffset(failure switch
        {
            JsonException { LineNumber: { } line, BytePositionInLine: { } bytes } => JsonLocation.OffsetOf(_json.Text, line, bytes),
            JsonTemplateException template => JsonLocation.OffsetOf(_json.Text, template.Path),
            _ => 0,
        });
        var message = failure is JsonException ? "This is not JSON: " + MessageOf(failure) : failure.Message;
        return run.ErrorAt(run.Map?.Find(offset) ?? default, message);
    }

    // .NET adds the path, line and byte in the output, which are not those in the template.
    private static string MessageOf(Exception failure)
    {
        var message = failure.Message;
        foreach (var end in (string[])[" Path: ", " LineNumber: "])
            if (message.IndexOf(end, StringComparison.Ordinal) is var at and > 0) message = message[..at];
        var isCommaMissing = message.Contains("is invalid after a value", StringComparison.Ordinal);
        return isCommaMissing ? message + " Is a comma missing before it?" : message;
    }

    private JsonNode? Resolve(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, child) in map.ToList())
                {
                    if (JsonTemplate.HasValue(key)) throw new JsonTemplateException(path, "a property name must not contain a value.");
                    if (Resolve(child, $"{path}.{key}") is var resolved && !ReferenceEquals(resolved, child)) map[key] = resolved;
                }

                return map;
            case JsonArray items:
                for (var at = 0; at < items.Count; at++)
                {
                    if (Resolve(items[at], $"{path}[{at}]") is var resolved && !ReferenceEquals(resolved, items[at])) items[at] = resolved;
                }

                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return QuotedJson.IsBareValue(TextOf(value, path)) ? ReadBareValue(TextOf(value, path), path) : value;
            default:
                return node;
        }
    }

    private static string TextOf(JsonValue value, string path)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw new JsonTemplateException(
                path, "contains half of a character (an escape from \\ud800 to \\udfff without its other half).");
        }
    }

    private JsonNode? ReadBareValue(string text, string path)
    {
        if (run.Tokens.Split(text).ToList() is not [{ Value: { } value }])
            throw new JsonTemplateException(path, "there is more than one value outside of quotes; put them into quotes.");
        if (value.Formatted is not null) return JsonValue.Create(run.Tokens.Add(value));
        return ReadData(value.Data ?? (value.Text.Length == 0 ? null : value.Text), path, depth: 0);
    }

    // Strings inside a value become tokens, so that they cannot become markup.
    private JsonNode? ReadData(object? data, string path, int depth)
    {
        if (depth > MaxDepth) throw new JsonTemplateException(path, $"the value is nested more than {MaxDepth} levels deep.");
        return data switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            int or long or decimal => JsonValue.Create(Convert.ToDecimal(data)),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            DateTimeOffset time => JsonValue.Create(run.Tokens.Add(new TemplateValue(TimeText.Iso(time)))),
            ScriptArray items => new JsonArray([.. items.Select(item => ReadData(item, path, depth + 1))]),
            ScriptObject map => new JsonObject(map
                .Select(member => KeyValuePair.Create(TextCleaning.Clean(member.Key), ReadData(member.Value, path, depth + 1)))
                .DistinctBy(member => member.Key)),
            TemplateValue { Formatted: null, Data: { } inner } => ReadData(inner, path, depth + 1),
            TemplateValue value => JsonValue.Create(run.Tokens.Add(value)),
            _ => JsonValue.Create(run.Tokens.Add(new TemplateValue(TextCleaning.Clean(data.ToString() ?? "")))),
        };
    }
}
