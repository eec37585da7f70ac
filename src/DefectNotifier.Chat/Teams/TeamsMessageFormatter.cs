using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Writes a document as a message with one Adaptive Card. Texts travel in RichTextBlocks, which know no markup, and escaped in FactSets. The whole is at
/// most 20,480 bytes.
/// </summary>
public sealed class TeamsMessageFormatter : IMessageFormatter
{
    public ChatPlatform Platform => ChatPlatform.Teams;

    public ChatMessage Format(MessageDocument document)
    {
        var sound = DocumentNormalizer.Normalize(document);
        return new ChatMessage(Platform, DocumentShrinker.Fit(sound, TryWrite)) { Text = PlainText.Read(sound) };
    }

    public ChatMessage Format(JsonTemplate template) => new TeamsTemplateWriter(template).Write();

    private static byte[]? TryWrite(MessageDocument document) =>
        TeamsEnvelope.TryWrite(Summary.Of(document), MentionsIn.Document(document), card => TryWriteBlocks(card, document));

    private static bool TryWriteBlocks(TeamsCardWriter card, MessageDocument document)
    {
        foreach (var block in document.Blocks)
        {
            TeamsElements.Write(card, block, document.Style);
            // Stopping here keeps a hopeless document from being written to its end.
            if (card.Writer.BytesCommitted + card.Writer.BytesPending > TeamsLimits.Request) return false;
        }

        return true;
    }
}
