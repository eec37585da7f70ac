using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Who is mentioned in a document.</summary>
internal static class MentionsIn
{
    /// <summary>Each once, in reading order.</summary>
    public static IReadOnlyList<Mention> Document(MessageDocument document) =>
        [.. document.Blocks.SelectMany(Runs).Select(run => run.Mention).OfType<Mention>().Distinct()];

    private static IEnumerable<MessageInline> Runs(MessageBlock block) => block switch
    {
        HeadingBlock heading => heading.Inlines,
        ParagraphBlock paragraph => paragraph.Inlines,
        QuoteBlock quote => quote.Inlines,
        NoteBlock note => note.Inlines,
        ListBlock list => list.Items.SelectMany(item => item.Inlines),
        FieldsBlock table => table.Fields.SelectMany(field => field.Label.Concat(field.Value)),
        _ => [],
    };
}
