using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DefectNotifier.Chat.Limits;

/// <summary>What a property in a JSON template may hold: a plain value, an object of some kinds, or a list of such.</summary>
/// <param name="Wanted">In words, for who wrote something else.</param>
/// <param name="Holds">True for what may stand there.</param>
internal sealed record SchemaRule(string Wanted, Predicate<JsonNode> Holds)
{
    public static readonly SchemaRule Any = new("anything", _ => true);

    public static readonly SchemaRule Flag = new("true or false", value => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False);

    /// <summary>Words that say something.</summary>
    public static readonly SchemaRule Text = new("a text", value => TextOf(value) is { } text && !string.IsNullOrWhiteSpace(text)) { IsText = true };

    /// <summary>Words or the space between some.</summary>
    public static readonly SchemaRule Run = new("a text", value => TextOf(value) is { Length: > 0 }) { IsText = true };

    /// <summary>The kinds of the objects; empty for a plain value. See <see cref="TemplateSchema"/>.</summary>
    public IReadOnlyList<string> Kinds { get; private init; } = [];

    /// <summary>True where kinds pass that nobody here knows: platforms add new ones.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>True where a number or a flag is written as its words.</summary>
    public bool IsText { get; private init; }

    /// <summary>True for what an object can't be without: who does not write it is told so, and where a value leaves it blank the object is left out.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>The property that does as well.</summary>
    public string? Other { get; private init; }

    public SchemaRule Required => this with { IsRequired = true };

    public SchemaRule RequiredOr(string other) => Required with { Other = other };

    public static SchemaRule OneOf(params string[] words) =>
        new($"one of {string.Join(", ", words)}", value => TextOf(value) is { } text && words.Contains(text, StringComparer.OrdinalIgnoreCase));

    public static SchemaRule Like(string wanted, Predicate<string> holds) => new(wanted, value => TextOf(value) is { } text && holds(text));

    public static SchemaRule Whole(long least, long most) => new($"a whole number from {least} to {most}", value =>
        value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= least && whole <= most);

    public static SchemaRule Object(params string[] kinds) => new("an object", value => value is JsonObject) { Kinds = kinds };

    public static SchemaRule List(params string[] kinds) => new("a list of objects", value => value is JsonArray items && items.All(item => item is JsonObject)) { Kinds = kinds };

    /// <summary>A list that may hold bare texts too.</summary>
    public static SchemaRule Mixed(params string[] kinds) =>
        new("a list of objects and texts", value => value is JsonArray items && items.All(item => item is JsonObject || TextOf(item) is not null)) { Kinds = kinds };

    public static SchemaRule OpenList(params string[] kinds) => List(kinds) with { IsOpen = true };

    /// <summary>True for nothing, and for what a missing value leaves behind.</summary>
    public static bool IsBlank(JsonNode? value) => value is null || value is JsonArray { Count: 0 } || (TextOf(value) is { } text && string.IsNullOrWhiteSpace(text));

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
