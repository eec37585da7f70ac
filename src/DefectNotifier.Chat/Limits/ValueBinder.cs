using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// Walks through the JSON of a template and copies it with the values in their places. The platform says what each place wants, and what becomes of an object
/// that has nothing to show. The template's own JSON is never changed, so it can be placed again with shorter values.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="kinds">What the platform takes.</param>
/// <param name="cap">The longest value, in UTF-16 units.</param>
internal abstract class ValueBinder(JsonTemplate template, TemplateSchema kinds, int cap)
{
    protected JsonTemplate Template { get; } = template;

    /// <summary>What stands there: one, none when it shows nothing, or several, which only a list can hold.</summary>
    /// <exception cref="JsonTemplateException">It can't be a message.</exception>
    public IReadOnlyList<JsonNode?> Place(JsonNode? node, SchemaPlace place)
    {
        switch (node)
        {
            case JsonObject map:
                return PlaceObject(map, place);
            case JsonArray items:
                return [new JsonArray([.. items.SelectMany((item, index) => Place(item, place.Item(index)))])];
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return PlaceText(value.GetValue<string>(), place);
            case JsonValue plain when kinds.IsText(place):
                return PlaceText(plain.ToJsonString(), place);
            default:
                return [node?.DeepClone()];
        }
    }

    protected virtual IReadOnlyList<JsonNode?> PlaceObject(JsonObject map, SchemaPlace place)
    {
        var placed = new JsonObject();
        foreach (var (key, child) in map)
        {
            var inside = place.Of(map, key);
            var found = Place(child, inside);
            if (found.Count > 1) throw new JsonTemplateException(inside.Path, "only a list can hold this.");
            if (found.Count == 1) placed[key] = found[0];
        }

        kinds.Mend(map, placed, place, Template);
        return kinds.IsWhole(placed, place) ? [.. Finish(map, placed, place)] : [];
    }

    protected abstract IReadOnlyList<JsonNode?> PlaceText(string text, SchemaPlace place);

    /// <summary>The last look at an object that is whole: none when it shows nothing, several when one can't hold so much.</summary>
    protected abstract IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, SchemaPlace place);

    protected IEnumerable<JsonTemplatePiece> Split(string text) => Template.Split(text, cap);

    /// <summary>The words alone, for a place that knows no markup.</summary>
    protected string Words(string text) => string.Concat(Split(text).Select(piece => piece.Inline.Text));

    /// <summary>True for an author's own address that can be sent as it is. .NET takes blanks around one, a chat does not.</summary>
    protected static bool IsWellFormed(string address) => !address.Any(char.IsWhiteSpace) && Uri.IsWellFormedUriString(address, UriKind.Absolute);

    protected static IReadOnlyList<JsonNode?> One(string text) => [JsonValue.Create(text)];
}
