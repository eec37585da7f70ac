using System.Text.Json.Nodes;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>
/// The objects that a platform accepts in a message, with their properties. A template's own JSON is checked as strictly as the platform
/// checks it, because the platform rejects the whole message for one mistake. An invalid property that only affects the style is left out
/// with a warning; one that contains text, or that is required, is an error. The property <c>*</c> stands for all other properties; a kind
/// without properties is not checked.
/// </summary>
/// <param name="root">The kind of the message itself.</param>
/// <param name="kinds">
/// The properties of each kind. A kind is named after the <c>type</c> of its objects; a slash and a word follow where the same type differs
/// by location (<c>image/element</c>); objects without a type have only the slash and the word (<c>/style</c>).
/// </param>
internal sealed class TemplateSchema(string root, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SchemaRule>> kinds)
{
    /// <summary>The longest type of a platform has 24 characters; a platform may add longer ones.</summary>
    private const int MaxTypeName = 50;

    /// <summary>Removes optional properties that the platform would reject, each with a warning.</summary>
    /// <param name="written">The object as the template wrote it.</param>
    /// <param name="bound">The object with its values.</param>
    /// <param name="location">Where it is.</param>
    /// <param name="template">Receives the warnings.</param>
    /// <exception cref="JsonTemplateException">The object is invalid and cannot be repaired.</exception>
    public void Sanitize(JsonObject written, JsonObject bound, TemplateLocation location, JsonTemplate template)
    {
        if (KindOf(bound, location) is not { } kind)
        {
            CheckUnknown(bound, location, template);
            return;
        }

        if (kinds.GetValueOrDefault(kind) is not { Count: > 0 } properties) return;
        foreach (var (name, rule) in properties)
        {
            if (rule.IsRequired && !written.ContainsKey(name) && (rule.Alternative is null || !written.ContainsKey(rule.Alternative)))
            {
                var alternative = rule.Alternative is null ? "" : $" or '{rule.Alternative}'";
                throw new JsonTemplateException(location.Path, $"lacks '{name}'{alternative}.");
            }
        }

        foreach (var (name, value) in bound.ToList())
        {
            if (name == "type" || (properties.ContainsKey("*") && !properties.ContainsKey(name))) continue;
            var rule = properties.GetValueOrDefault(name);
            // Platforms reject an empty list; all its elements may have been left out.
            var isEmptyList = value is JsonArray { Count: 0 } && rule?.IsRequired == false;
            if (value is not null && rule?.Accepts(value) == true && !isEmptyList) continue;
            var path = location.Of(written, name).Path;
            var problem = rule is null ? $"is not a property of {NameOf(kind)}" : $"is not {rule.Expected}";
            if (IsError(rule, value)) throw new JsonTemplateException(path, problem + ".");
            bound.Remove(name);
            if (!SchemaRule.IsBlank(value)) template.Warn(path, problem + ", so it was left out.");
        }
    }

    /// <summary>False for an object without a required property: it has nothing to show.</summary>
    public bool IsComplete(JsonObject bound, TemplateLocation location)
    {
        if (KindOf(bound, location) is { } kind)
        {
            return kinds.GetValueOrDefault(kind) is not { } properties || properties.All(property =>
                !property.Value.IsRequired
                || IsPresent(bound[property.Key])
                || (property.Value.Alternative is { } alternative && IsPresent(bound[alternative])));
        }

        return bound.Count > 0 || RuleOf(location) is not { } rule || !(location.Path.EndsWith(']') || rule.Accepts(bound));
    }

    /// <summary>True where only a text is allowed.</summary>
    public bool IsText(TemplateLocation location) => RuleOf(location)?.IsText == true;

    /// <summary>True for an invalid property that must not be left out silently.</summary>
    private static bool IsError(SchemaRule? rule, JsonNode? value)
    {
        var isBlank = SchemaRule.IsBlank(value);
        return rule is { IsRequired: true }
            ? !isBlank || (value is JsonValue && !rule.IsText)
            : !isBlank && value is not JsonValue;
    }

    private void CheckUnknown(JsonObject bound, TemplateLocation location, JsonTemplate template)
    {
        // Inside an unknown object nothing can be checked, and an empty object is left out.
        if (RuleOf(location) is not { Kinds.Count: > 0 } rule || bound.Count == 0) return;
        var type = TemplateLocation.TypeOf(bound);
        if (type.Length == 0) throw new JsonTemplateException(location.Path, "has no type.");
        if (!rule.AllowsUnknownKinds || IsKnownElsewhere(type))
        {
            var allowed = rule.Kinds.Count > 6 ? "" : $", only {string.Join(" or ", rule.Kinds.Select(NameOf))}";
            throw new JsonTemplateException(location.Path, $"is of type '{type}', which is not allowed in '{location.Property}'{allowed}.");
        }

        if (type.Length > MaxTypeName || !type.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_'))
            throw new JsonTemplateException(location.Path, $"is of type '{type}', which is not the name of a type.");
        template.Warn(location.Path, $"is of type '{type}', which is unknown here; it is sent unchanged.");
    }

    private SchemaRule? RuleOf(TemplateLocation location)
    {
        if (location.Owner is null || KindOf(location.Owner, location.Outer!) is not { } kind) return null;
        if (kinds.GetValueOrDefault(kind) is not { } properties) return null;
        return properties.GetValueOrDefault(location.Property) ?? properties.GetValueOrDefault("*");
    }

    private string? KindOf(JsonObject map, TemplateLocation location)
    {
        if (location.Owner is null) return root;
        var type = TemplateLocation.TypeOf(map);
        return RuleOf(location)?.Kinds.FirstOrDefault(kind => TypeOf(kind).SequenceEqual(type));
    }

    // A blank required text was removed by Sanitize.
    private static bool IsPresent(JsonNode? value) => value is not (null or JsonArray { Count: 0 });

    private bool IsKnownElsewhere(string type) => kinds.ContainsKey(type)
        || kinds.Values.Any(properties => properties.Values.Any(rule => rule.Kinds.Any(kind => TypeOf(kind).SequenceEqual(type))));

    private static ReadOnlySpan<char> TypeOf(string kind) =>
        kind.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? kind.AsSpan(0, slash) : kind;

    private static string NameOf(string kind) => kind.StartsWith('/') ? $"a {kind[1..]}" : TypeOf(kind).ToString();
}
