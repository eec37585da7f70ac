using DefectNotifier.Rendering;

namespace DefectNotifier.Tests.Rendering;

/// <summary>A formatter that keeps the document for a look at it.</summary>
internal sealed class DocumentKeeper(ChatPlatform platform = ChatPlatform.Slack) : IMessageFormatter
{
    public ChatPlatform Platform => platform;

    public MessageDocument Document { get; private set; } = new([], MessageTone.Neutral);

    public ChatMessage Format(MessageDocument document)
    {
        Document = document;
        return new ChatMessage(platform, "{}"u8.ToArray());
    }

    public ChatMessage Format(JsonTemplate template) => throw new NotSupportedException();
}
