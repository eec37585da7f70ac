using System.Text.Json.Nodes;

namespace DefectNotifier.Chat.Limits;

/// <summary>Where in a JSON template something stands.</summary>
/// <param name="Path">As in <c>$.blocks[2].text</c>.</param>
/// <param name="Property">The nearest property's name; empty at the top.</param>
/// <param name="Owner">The object that has this property, as the template wrote it; null at the top.</param>
/// <param name="Outer">Where that object stands; null at the top.</param>
internal sealed record SchemaPlace(string Path, string Property, JsonObject? Owner, SchemaPlace? Outer)
{
    public static readonly SchemaPlace Top = new("$", "", null, null);

    /// <summary>The owner's <c>type</c>; empty for one without.</summary>
    public string OwnerType => Owner is null ? "" : TypeOf(Owner);

    public SchemaPlace Of(JsonObject owner, string property) => new($"{Path}.{property}", property, owner, this);

    public SchemaPlace Item(int index) => this with { Path = $"{Path}[{index}]" };

    /// <summary>True where the property, or one around it, has this name.</summary>
    public bool IsWithin(string property) => Property == property || Outer?.IsWithin(property) == true;

    public static string TypeOf(JsonObject map) => map["type"] is JsonValue value && value.TryGetValue<string>(out var type) ? type : "";
}
