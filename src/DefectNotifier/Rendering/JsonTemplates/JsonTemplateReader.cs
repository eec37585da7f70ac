using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Values;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// Reads the JSON that a template wrote. Comments and trailing commas are taken, as the designers' users write them. A value that stands where JSON wants one
/// (<c>"value": {{ defect.id }}</c>) becomes a number, true or false, null, a text, a list or an object.
/// </summary>
internal sealed class JsonTemplateReader(ValueTokens tokens)
{
    private static readonly JsonDocumentOptions Tolerant = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is not JSON; line and byte tell where.</exception>
    /// <exception cref="JsonTemplateException">It is JSON that can't be a message.</exception>
    public JsonNode Read(QuotedJson text)
    {
        var root = JsonNode.Parse(text.Text, documentOptions: Tolerant);
        if (root is not (JsonObject or JsonArray)) throw new JsonTemplateException("$", "is neither an object nor a list.");
        return Resolve(root, "$")!;
    }

    private JsonNode? Resolve(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, child) in map.ToList())
                {
                    if (JsonTemplate.HasValue(key)) throw new JsonTemplateException(path, "a value stands in the name of a property; only the author can name one.");
                    if (Resolve(child, $"{path}.{key}") is var resolved && !ReferenceEquals(resolved, child)) map[key] = resolved;
                }

                return map;
            case JsonArray items:
                for (var at = 0; at < items.Count; at++)
                    if (Resolve(items[at], $"{path}[{at}]") is var resolved && !ReferenceEquals(resolved, items[at])) items[at] = resolved;
                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return TextOf(value, path) is [ValueTokens.FirstCharacter, ValueTokens.FirstCharacter, ..] bare ? ReadBare(bare, path) : value;
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
            throw new JsonTemplateException(path, "holds half of a character (an escape from \\ud800 to \\udfff without its other half).");
        }
    }

    private JsonNode? ReadBare(string text, string path) => tokens.Split(text).ToList() is [{ Value: { } value }]
        ? value is { Typed: null, Data: var data } ? ReadData(data ?? (value.Text.Length == 0 ? null : value.Text), path, depth: 0) : JsonValue.Create(tokens.Add(value))
        : throw new JsonTemplateException(path, "more than a value stands where JSON wants one; put it in quotes.");

    // Whatever is text in a value from outside is a value again: it must not become markup either.
    private JsonNode? ReadData(object? data, string path, int depth)
    {
        if (depth > 32) throw new JsonTemplateException(path, "the value is nested more than 32 deep.");
        return data switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            int or long or decimal => JsonValue.Create(Convert.ToDecimal(data)),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            ScriptArray items => new JsonArray([.. items.Select(item => ReadData(item, path, depth + 1))]),
            ScriptObject map => new JsonObject(map.Select(member => KeyValuePair.Create(TextCleaning.Clean(member.Key), ReadData(member.Value, path, depth + 1))).DistinctBy(member => member.Key)),
            TemplateValue { Typed: null, Data: { } inner } => ReadData(inner, path, depth + 1),
            TemplateValue value => JsonValue.Create(tokens.Add(value)),
            _ => JsonValue.Create(tokens.Add(new TemplateValue(TextCleaning.Clean(data.ToString() ?? "")))),
        };
    }
}
