using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Events;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>What a property in a JSON template may contain: a plain value, an object of certain kinds, or a list of such objects.</summary>
/// <param name="Expected">For the error message, for example <c>true or false</c>.</param>
/// <param name="Accepts">True for an allowed value.</param>
internal sealed record SchemaRule(string Expected, Predicate<JsonNode> Accepts)
{
    public static readonly SchemaRule Any = new("anything", _ => true);

    public static readonly SchemaRule Boolean =
        new("true or false", value => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False);

    /// <summary>A text that shows something.</summary>
    public static readonly SchemaRule Text =
        new("a text", value => VisibleText.IsIn(TextOf(value))) { IsText = true };

    /// <summary>A text that may be white space, such as the space between two runs, but not empty.</summary>
    public static readonly SchemaRule TextOrSpace = new("a text", value => TextOf(value) is { Length: > 0 }) { IsText = true };

    /// <summary>The allowed kinds of objects; empty for a plain value. See <see cref="TemplateSchema"/>.</summary>
    public IReadOnlyList<string> Kinds { get; private init; } = [];

    /// <summary>True where unknown kinds are allowed too: platforms add new ones.</summary>
    public bool AllowsUnknownKinds { get; private init; }

    /// <summary>True where a number or boolean is converted to text.</summary>
    public bool IsText { get; private init; }

    /// <summary>
    /// True for a property that an object needs: it is an error when the template does not write it, and the object is left out when a
    /// value makes it blank.
    /// </summary>
    public bool IsRequired { get; private init; }

    /// <summary>Another property that also satisfies the requirement; null: none.</summary>
    public string? Alternative { get; private init; }

    public SchemaRule Required => this with { IsRequired = true };

    public SchemaRule RequiredOr(string alternative) => Required with { Alternative = alternative };

    public static SchemaRule OneOf(params string[] words) => new(
        $"one of {string.Join(", ", words)}",
        value => TextOf(value) is { } text && words.Contains(text, StringComparer.OrdinalIgnoreCase));

    public static SchemaRule Matching(string expected, Predicate<string> accepts) =>
        new(expected, value => TextOf(value) is { } text && accepts(text));

    public static readonly SchemaRule Number = new("a number", value => value.GetValueKind() == JsonValueKind.Number);

    public static SchemaRule Integer(long min, long max) => new(
        $"a whole number from {min} to {max}",
        value => value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max);

    public static SchemaRule Object(params string[] kinds) => new("an object", value => value is JsonObject) { Kinds = kinds };

    public static SchemaRule List(params string[] kinds) =>
        new("a list of objects", value => value is JsonArray items && items.All(item => item is JsonObject)) { Kinds = kinds };

    /// <summary>A list that may also contain plain texts.</summary>
    public static SchemaRule ListOrTexts(params string[] kinds) => new(
        "a list of objects and texts",
        value => value is JsonArray items && items.All(item => item is JsonObject || TextOf(item) is not null))
    { Kinds = kinds };

    /// <summary>The rows of a table, each a list of cells.</summary>
    public static SchemaRule Rows(params string[] kinds) => new(
        "a list of rows, each a list of cells",
        value => value is JsonArray rows && rows.All(row => row is JsonArray cells && cells.All(cell => cell is JsonObject)))
    { Kinds = kinds };

    public static SchemaRule OpenList(params string[] kinds) => List(kinds) with { AllowsUnknownKinds = true };

    /// <summary>True for null, an empty list and a text that shows nothing: the results of a missing value.</summary>
    public static bool IsBlank(JsonNode? value) =>
        value is null || value is JsonArray { Count: 0 } || (TextOf(value) is { } text && !VisibleText.IsIn(text));

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
