using System.Text.Json.Nodes;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>A location in a JSON template.</summary>
/// <param name="Path">For example <c>$.blocks[2].text</c>.</param>
/// <param name="Property">The name of the nearest property; empty at the top.</param>
/// <param name="Owner">The object that has this property, as the template wrote it; null at the top.</param>
/// <param name="Outer">The location of that object; null at the top.</param>
internal sealed record TemplateLocation(string Path, string Property, JsonObject? Owner, TemplateLocation? Outer)
{
    public static readonly TemplateLocation Top = new("$", "", null, null);

    /// <summary>The owner's <c>type</c>; empty when it has none.</summary>
    public string OwnerType => Owner is null ? "" : TypeOf(Owner);

    public TemplateLocation Of(JsonObject owner, string property) => new($"{Path}.{property}", property, owner, this);

    public TemplateLocation Item(int index) => this with { Path = $"{Path}[{index}]" };

    /// <summary>True where this property or one around it has the name.</summary>
    public bool IsWithin(string property) => Property == property || Outer?.IsWithin(property) == true;

    public static string TypeOf(JsonObject map) => map["type"] is JsonValue value && value.TryGetValue<string>(out var type) ? type : "";
}
