using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>What a template and an event become: the JSON document that a platform accepts, within its limits.</summary>
/// <param name="Platform">Whose JSON it is.</param>
/// <param name="Json">UTF-8. Slack: an object with <c>text</c> and <c>blocks</c>. Teams: the envelope with one Adaptive Card.</param>
public sealed record ChatMessage(ChatPlatform Platform, ReadOnlyMemory<byte> Json)
{
    /// <summary>
    /// The words alone, one line a block, the heading first: what is sent when the platform refuses the rest. Not cut to any limit. Null: nothing plainer is
    /// known.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>The version of the configuration that it was rendered with; null: it was kept, or belongs to none.</summary>
    public string? Version { get; init; }
}
