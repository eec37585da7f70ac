using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Chat.Teams.Templates;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Writes a document as a message with one Adaptive Card. Text is written as RichTextBlocks, which interpret no markup, and escaped in
/// FactSets. The whole message has at most 20,480 bytes.
/// </summary>
public sealed class TeamsMessageFormatter : IMessageFormatter
{
    public ChatPlatform Platform => ChatPlatform.Teams;

    public ChatMessage Format(MessageDocument document)
    {
        var normalized = DocumentNormalizer.Normalize(document);
        return new ChatMessage(Platform, DocumentShrinker.Fit(normalized, TryWrite)) { Text = PlainText.Read(normalized) };
    }

    public ChatMessage Format(JsonTemplate template) => new TeamsTemplateWriter(template).Write();

    private static byte[]? TryWrite(MessageDocument document)
    {
        if (!document.Blocks.Any(block => block is TableBlock)) return TryWriteCard(document);
        // As text a table takes less of what a card may have.
        return TryWriteCard(document, TeamsEnvelope.TableVersion) ?? TryWriteCard(TableText.Replace(document, _ => true));
    }

    private static byte[]? TryWriteCard(MessageDocument document, string version = TeamsEnvelope.Version) => TeamsEnvelope.TryWrite(
        PlainText.Summary(document), MentionsOf(document), card => TeamsElements.TryWriteAll(card, document), version);

    private static IReadOnlyList<Mention> MentionsOf(MessageDocument document) =>
        [.. document.Blocks.SelectMany(RunsOf).Select(run => run.Mention).OfType<Mention>().Distinct()];

    private static IEnumerable<MessageInline> RunsOf(MessageBlock block) => block switch
    {
        TextBlock text => text.Inlines,
        ListBlock list => list.Items.SelectMany(item => item.Inlines),
        TableBlock table => table.Rows.SelectMany(row => row.Cells).SelectMany(cell => cell),
        FieldsBlock table => table.Fields.SelectMany(field => field.Label.Concat(field.Value)),
        _ => [],
    };
}
