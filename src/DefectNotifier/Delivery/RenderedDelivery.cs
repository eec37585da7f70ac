using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Delivery;

/// <summary>Either a message, or why there can be none.</summary>
internal sealed record RenderedDelivery(ChatMessage? Message, SendResult? Refusal)
{
    /// <summary>Of a defect's message: a digest of what it shows, without what is said only once. Null for other messages.</summary>
    public string? Shown { get; init; }
}
