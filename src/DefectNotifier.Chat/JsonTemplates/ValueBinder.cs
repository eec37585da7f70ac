using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>
/// Copies the JSON of a template and puts the values in. Each platform decides how a value is written at a location, and what happens to an
/// object that has nothing to show. The template's own JSON is never changed, so it can be bound again with shorter values.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="schema">What the platform accepts.</param>
/// <param name="maxValue">The maximum length of a value, in UTF-16 units.</param>
internal abstract class ValueBinder(JsonTemplate template, TemplateSchema schema, int maxValue)
{
    protected JsonTemplate Template { get; } = template;

    /// <summary>The node with its values: one, none when it has nothing to show, or several, which only a list can hold.</summary>
    /// <exception cref="JsonTemplateException">The result is not a valid message.</exception>
    public IReadOnlyList<JsonNode?> Bind(JsonNode? node, TemplateLocation location)
    {
        switch (node)
        {
            case JsonObject map:
                return BindObject(map, location);
            case JsonArray items:
                return [new JsonArray([.. items.SelectMany((item, index) => Bind(item, location.Item(index)))])];
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return BindText(value.GetValue<string>(), location);
            case JsonValue plain when schema.IsText(location):
                return BindText(plain.ToJsonString(), location);
            default:
                return [node?.DeepClone()];
        }
    }

    protected virtual IReadOnlyList<JsonNode?> BindObject(JsonObject map, TemplateLocation location)
    {
        var bound = new JsonObject();
        foreach (var (key, child) in map)
        {
            var inside = location.Of(map, key);
            var found = Bind(child, inside);
            if (found.Count > 1) throw new JsonTemplateException(inside.Path, "only a list can hold this.");
            if (found.Count == 1) bound[key] = found[0];
        }

        schema.Sanitize(map, bound, location, Template);
        return schema.IsComplete(bound, location) ? [.. Adjust(map, bound, location)] : [];
    }

    protected abstract IReadOnlyList<JsonNode?> BindText(string text, TemplateLocation location);

    /// <summary>
    /// The final form of a complete object: none when it has nothing to show, several when it holds more than the platform allows.
    /// </summary>
    protected abstract IEnumerable<JsonObject> Adjust(JsonObject written, JsonObject bound, TemplateLocation location);

    /// <summary>The text of a run that contains a value; null for any other object.</summary>
    protected static string? TextWithValue(JsonObject run) =>
        run["text"] is JsonValue value && value.TryGetValue<string>(out var text) && JsonTemplate.HasValue(text) ? text : null;

    /// <summary>Items beyond the limit go into further objects of the same type, which contain nothing else.</summary>
    protected static IEnumerable<JsonObject> Split(JsonObject bound, string property, int limit)
    {
        var items = bound[property]!.AsArray();
        var rows = items.Chunk(limit).ToList();
        items.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var row = index == 0 ? bound : new JsonObject { ["type"] = TemplateLocation.TypeOf(bound) };
            row[property] = new JsonArray(rows[index]);
            yield return row;
        }
    }

    protected IEnumerable<JsonTemplatePiece> Split(string text) => Template.Split(text, maxValue);

    /// <summary>The text without markup, for a location that supports none.</summary>
    protected string PlainTextOf(string text) => string.Concat(Split(text).Select(piece => piece.Inline.Text));

    /// <summary>A URL: of the author, or with percent-encoded values. None, with a warning, when it is not an allowed URL.</summary>
    protected IReadOnlyList<JsonNode?> BindUrl(string text, bool hasValue, TemplateLocation location)
    {
        if (Template.UrlOf(text) is { } url) return One(hasValue || !IsWellFormed(text) ? url : text);
        // A blank URL is left out silently: a value may be missing.
        if (PlainTextOf(text).Trim().Length > 0)
            Template.Warn(location.Path, "is not an http, https or mailto address, so it was left out.");

        return [];
    }

    /// <summary>The text; empty when it consists of the marks around a missing value, as in <c>*{{ x }}*</c>.</summary>
    protected static string ShownMarkup(string text) => text.AsSpan().Trim("*_ ").IsEmpty ? "" : text;

    protected static IReadOnlyList<JsonNode?> One(string text) => [JsonValue.Create(text)];

    // .NET accepts blanks around a URL, chats do not.
    private static bool IsWellFormed(string address) =>
        !address.Any(char.IsWhiteSpace) && Uri.IsWellFormedUriString(address, UriKind.Absolute);
}
