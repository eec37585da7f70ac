using System.Text.Json.Nodes;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// The kinds of objects that a platform knows in a message, each with its properties, by which a template's own JSON is read as strictly as the platform reads
/// it: one slip costs the whole message there. What is only a matter of looks is left out and told; what holds words, or can't be done without, is an error. The property
/// <c>*</c> stands for all that are not named, and a kind without properties passes as it is.
/// </summary>
/// <param name="root">The kind of the message.</param>
/// <param name="known">
/// By name. A kind is named by the <c>type</c> of its objects; where one type is another thing in another place, a slash and a word follow; where objects have no
/// type, only these.
/// </param>
internal sealed class TemplateSchema(string root, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SchemaRule>> known)
{
    /// <summary>Takes away what the platform would not take.</summary>
    /// <param name="written">As in the template.</param>
    /// <param name="placed">With its values.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="template">Hears of what is left out.</param>
    /// <exception cref="JsonTemplateException">It can't be a message.</exception>
    public void Mend(JsonObject written, JsonObject placed, SchemaPlace place, JsonTemplate template)
    {
        if (KindOf(placed, place) is not { } kind)
        {
            CheckStranger(placed, place, template);
            return;
        }

        if (known.GetValueOrDefault(kind) is not { Count: > 0 } properties) return;
        foreach (var (name, rule) in properties)
            if (rule.IsRequired && !written.ContainsKey(name) && (rule.Other is null || !written.ContainsKey(rule.Other)))
                throw new JsonTemplateException(place.Path, $"lacks '{name}'{(rule.Other is null ? "" : $" or '{rule.Other}'")}.");
        foreach (var (name, value) in placed.ToList())
        {
            if (name == "type" || properties.ContainsKey("*") && !properties.ContainsKey(name)) continue;
            var rule = properties.GetValueOrDefault(name);
            if (value is not null && rule?.Holds(value) == true) continue;
            var inside = place.Of(written, name).Path;
            var wrong = rule is null ? $"is no property of {Named(kind)}" : $"is not {rule.Wanted}";
            var isBlank = SchemaRule.IsBlank(value);
            if (rule is { IsRequired: true } ? !isBlank || (value is JsonValue && !rule.IsText) : !isBlank && value is not JsonValue) throw new JsonTemplateException(inside, wrong + ".");
            placed.Remove(name);
            if (!isBlank) template.Warn(inside, wrong + ", so it was left out.");
        }
    }

    /// <summary>False for an object that lacks what it can't do without: it shows nothing.</summary>
    public bool IsWhole(JsonObject placed, SchemaPlace place) => KindOf(placed, place) is { } kind
        ? known.GetValueOrDefault(kind) is not { } properties || properties.All(property => !property.Value.IsRequired || IsThere(placed[property.Key]) || (property.Value.Other is { } other && IsThere(placed[other])))
        : placed.Count > 0 || RuleOf(place) is not { } rule || !(place.Path.EndsWith(']') || rule.Holds(placed));

    /// <summary>True where only a text can stand.</summary>
    public bool IsText(SchemaPlace place) => RuleOf(place)?.IsText == true;

    private void CheckStranger(JsonObject placed, SchemaPlace place, JsonTemplate template)
    {
        // Where nobody knows what the object around it is, nobody knows this one; and what is empty is left out.
        if (RuleOf(place) is not { Kinds.Count: > 0 } rule || placed.Count == 0) return;
        var type = SchemaPlace.TypeOf(placed);
        if (type.Length == 0) throw new JsonTemplateException(place.Path, "has no type.");
        if (!rule.IsOpen || BelongsElsewhere(type))
            throw new JsonTemplateException(place.Path, $"is of type '{type}', which can't stand in '{place.Property}'{(rule.Kinds.Count > 6 ? "" : $", only {string.Join(" or ", rule.Kinds.Select(Named))}")}.");
        template.Warn(place.Path, $"is of type '{type}', which is not known here; it is sent as it is.");
    }

    private SchemaRule? RuleOf(SchemaPlace place)
    {
        if (place.Owner is null || KindOf(place.Owner, place.Outer!) is not { } kind || known.GetValueOrDefault(kind) is not { } properties) return null;
        return properties.GetValueOrDefault(place.Property) ?? properties.GetValueOrDefault("*");
    }

    private string? KindOf(JsonObject map, SchemaPlace place)
    {
        if (place.Owner is null) return root;
        var type = SchemaPlace.TypeOf(map);
        return RuleOf(place)?.Kinds.FirstOrDefault(kind => TypeOf(kind).SequenceEqual(type));
    }

    // Whatever is blank where words are wanted is not there any more.
    private static bool IsThere(JsonNode? value) => value is not (null or JsonArray { Count: 0 });

    private bool BelongsElsewhere(string type) => known.Values.Any(properties => properties.Values.Any(rule => rule.Kinds.Any(kind => TypeOf(kind).SequenceEqual(type))));

    private static ReadOnlySpan<char> TypeOf(string kind) => kind.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? kind.AsSpan(0, slash) : kind;

    private static string Named(string kind) => kind.StartsWith('/') ? $"a {kind[1..]}" : TypeOf(kind).ToString();
}
