using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering;

/// <summary>Turns a document, or the output of a JSON template, into a platform's JSON.</summary>
public interface IMessageFormatter
{
    ChatPlatform Platform { get; }

    /// <summary>
    /// Writes the document within the platform's limits: text that does not fit is truncated with an ellipsis; a document that fits
    /// is not changed. Never throws, whatever the document contains.
    /// </summary>
    ChatMessage Format(MessageDocument document);

    /// <summary>
    /// Replaces the tokens of a JSON template with literal text, within the platform's limits: text that does not fit is truncated;
    /// a message that fits is not changed. Elements that show nothing, because a value is missing, are left out.
    /// </summary>
    /// <exception cref="JsonTemplateException">The JSON is not a message of this platform.</exception>
    ChatMessage Format(JsonTemplate template);
}
