namespace DefectNotifier.Rendering;

/// <summary>Turns a platform-neutral document into one platform's JSON.</summary>
public interface IMessageFormatter
{
    ChatPlatform Platform { get; }

    /// <summary>
    /// Writes the document within the platform's limits: what does not fit is cut on grapheme boundaries and marked with an
    /// ellipsis; a document that fits is not altered. Never throws for any document.
    /// </summary>
    ChatMessage Format(MessageDocument document);
}
