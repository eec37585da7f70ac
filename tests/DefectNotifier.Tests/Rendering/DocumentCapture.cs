using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering;

/// <summary>A formatter that keeps the document for assertions.</summary>
internal sealed class DocumentCapture(ChatPlatform platform = ChatPlatform.Slack) : IMessageFormatter
{
    public ChatPlatform Platform => platform;

    public MessageDocument Document { get; private set; } = new([], MessageStyle.Default);

    public ChatMessage Format(MessageDocument document)
    {
        Document = document;
        return new ChatMessage(platform, "{}"u8.ToArray());
    }

    public ChatMessage Format(JsonTemplate template) => throw new NotSupportedException();
}
