using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Fitting;

/// <summary>
/// Walks through the JSON of a template and copies it with the values in their places. The platform says what each place wants, and what becomes of an object
/// that has nothing to show. The template's own JSON is never changed, so it can be placed again with shorter values.
/// </summary>
/// <param name="draft">The template's JSON.</param>
/// <param name="cap">The longest value, in UTF-16 units.</param>
internal abstract class DraftPlacer(JsonDraft draft, int cap)
{
    protected JsonDraft Draft { get; } = draft;

    /// <summary>What stands there: one, none when it shows nothing, or several, which only a list can hold.</summary>
    /// <exception cref="DraftException">It can't be a message.</exception>
    public IReadOnlyList<JsonNode?> Place(JsonNode? node, DraftPlace place)
    {
        switch (node)
        {
            case JsonObject map:
                return PlaceObject(map, place);
            case JsonArray items:
                return [new JsonArray([.. items.SelectMany((item, index) => Place(item, place.Item(index)))])];
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return PlaceText(value.GetValue<string>(), place);
            default:
                return [node?.DeepClone()];
        }
    }

    protected virtual IReadOnlyList<JsonNode?> PlaceObject(JsonObject map, DraftPlace place)
    {
        var placed = new JsonObject();
        foreach (var (key, child) in map)
        {
            var inside = place.Of(map, key);
            var found = Place(child, inside);
            if (found.Count > 1) throw new DraftException(inside.Path, "only a list can hold this.");
            if (found.Count == 1) placed[key] = found[0];
        }

        return [.. Finish(map, placed, place)];
    }

    protected abstract IReadOnlyList<JsonNode?> PlaceText(string text, DraftPlace place);

    /// <summary>The last look at an object whose members are placed: none when it shows nothing.</summary>
    protected abstract IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, DraftPlace place);

    protected IEnumerable<DraftPiece> Split(string text) => Draft.Split(text, cap);

    /// <summary>The words alone, for a place that knows no markup.</summary>
    protected string Words(string text) => string.Concat(Split(text).Select(piece => piece.Inline.Text));

    protected static IReadOnlyList<JsonNode?> One(string text) => [JsonValue.Create(text)];

    /// <summary>Takes away what has to be a text and is none, or a blank one: a platform refuses those, and a missing one is better than a refused message.</summary>
    protected static void RemoveBlank(JsonObject placed, params ReadOnlySpan<string> properties)
    {
        foreach (var property in properties)
            if (placed.ContainsKey(property) && !(placed[property] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text))) placed.Remove(property);
    }
}
