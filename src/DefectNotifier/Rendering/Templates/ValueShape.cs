using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>What is known about a value without an event: the members that it can have.</summary>
/// <param name="Members">The members of an object; null for everything else.</param>
/// <param name="Item">The shape of a list's items; null for everything else.</param>
/// <param name="IsUnknown">True when any member is possible: a payload, the result of a function.</param>
internal sealed record ValueShape(IReadOnlyDictionary<string, ValueShape>? Members, ValueShape? Item, bool IsUnknown)
{
    public static readonly ValueShape Unknown = new(null, null, true);

    private static readonly ValueShape Single = new(null, null, false);

    /// <summary>The shape of a member; null when it never exists.</summary>
    public ValueShape? Of(string member) => this switch
    {
        { IsUnknown: true } => Unknown,
        { Members: { } members } => members.GetValueOrDefault(member),
        // Text and lists.
        _ => member is "size" ? Unknown : null,
    };

    /// <summary>The shape of an object that has all members that templates can use.</summary>
    public static ValueShape Of(ScriptObject model) =>
        new(model.ToDictionary(pair => pair.Key, pair => pair.Key == "payload" ? Unknown : OfValue(pair.Value)), null, false);

    private static ValueShape OfValue(object? value) => value switch
    {
        ScriptObject map => Of(map),
        ScriptArray list => new ValueShape(null, list.Count > 0 ? OfValue(list[0]) : Unknown, false),
        DateTimeOffset => Unknown,
        _ => Single,
    };
}
