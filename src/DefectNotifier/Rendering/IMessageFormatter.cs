using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering;

/// <summary>Turns a platform-neutral document, or what a JSON template wrote, into one platform's JSON.</summary>
public interface IMessageFormatter
{
    ChatPlatform Platform { get; }

    /// <summary>
    /// Writes the document within the platform's limits: what does not fit is cut on grapheme boundaries and marked with an
    /// ellipsis; a document that fits is not altered. Never throws for any document.
    /// </summary>
    ChatMessage Format(MessageDocument document);

    /// <summary>
    /// Puts the values of a JSON template into their places, as literal text, and keeps the platform's limits: what does not fit is cut and marked; what
    /// fits is not altered. What shows nothing, because a value is missing, is left out.
    /// </summary>
    /// <exception cref="JsonTemplateException">It is no message of this platform.</exception>
    ChatMessage Format(JsonTemplate template);
}
