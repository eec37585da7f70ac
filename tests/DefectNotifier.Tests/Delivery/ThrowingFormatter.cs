using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A formatter with a bug.</summary>
internal sealed class ThrowingFormatter : IMessageFormatter
{
    public ChatPlatform Platform => ChatPlatform.Slack;

    public ChatMessage Format(MessageDocument document) => throw new InvalidOperationException("a bug");

    public ChatMessage Format(JsonTemplate template) => throw new InvalidOperationException("a bug");
}
