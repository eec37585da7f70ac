using DefectNotifier.Rendering;

namespace DefectNotifier.Delivery;

/// <summary>Either a message, or why there can be none.</summary>
internal sealed record RenderedDelivery(ChatMessage? Message, SendResult? Refusal);
