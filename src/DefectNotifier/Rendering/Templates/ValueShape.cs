using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>What is known of a value before any event is there: which members it can have.</summary>
/// <param name="Members">The members of a map; null for everything else.</param>
/// <param name="Item">What a list holds; null for everything else.</param>
/// <param name="IsFree">True when nothing is known of it: a payload, what a function gives.</param>
internal sealed record ValueShape(IReadOnlyDictionary<string, ValueShape>? Members, ValueShape? Item, bool IsFree)
{
    public static readonly ValueShape Free = new(null, null, true);

    private static readonly ValueShape Single = new(null, null, false);

    /// <summary>The member's shape; null when there never is one.</summary>
    public ValueShape? Of(string member) => this switch
    {
        { IsFree: true } => Free,
        { Members: { } members } => members.GetValueOrDefault(member),
        // Of a text or a list.
        _ => member is "size" ? Free : null,
    };

    /// <summary>Read from a model that has everything, so that it knows just the names that a template sees.</summary>
    public static ValueShape Of(ScriptObject model) => new(model.ToDictionary(pair => pair.Key, pair => pair.Key == "payload" ? Free : OfValue(pair.Value)), null, false);

    private static ValueShape OfValue(object? value) => value switch
    {
        ScriptObject map => Of(map),
        ScriptArray list => new ValueShape(null, list.Count > 0 ? OfValue(list[0]) : Free, false),
        DateTimeOffset => Free,
        _ => Single,
    };
}
