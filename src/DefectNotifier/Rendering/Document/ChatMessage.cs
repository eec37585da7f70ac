using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A rendered message: a JSON document that the platform accepts and that is within its limits.</summary>
/// <param name="Platform">The platform whose format it is.</param>
/// <param name="Json">UTF-8. Slack: an object with <c>text</c> and <c>blocks</c>. Teams: an envelope with one Adaptive Card.</param>
public sealed record ChatMessage(ChatPlatform Platform, ReadOnlyMemory<byte> Json)
{
    /// <summary>
    /// The message as plain text, one line per block, the heading first: sent when the platform rejects the formatted message.
    /// Not truncated. Null: there is no plain text.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>The version of the configuration that it was rendered with; null when it was stored or belongs to no version.</summary>
    public string? Version { get; init; }
}
