using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Tables as text, one line for each row, for places and platforms that cannot show a table.</summary>
internal static class TableText
{
    /// <summary>The document with these tables as paragraphs.</summary>
    public static MessageDocument Replace(MessageDocument document, Predicate<TableBlock> isReplaced) => document with
    {
        Blocks = [.. document.Blocks.Select(block =>
            block is TableBlock table && isReplaced(table) ? new ParagraphBlock(InlineText.Normalize(LinesOf(table))) : block)],
    };

    /// <summary>The rows, the heading in bold.</summary>
    private static List<MessageInline> LinesOf(TableBlock table)
    {
        var runs = new List<MessageInline>();
        for (var index = 0; index < table.Rows.Count; index++)
        {
            if (index > 0) runs.Add(new MessageInline("\n"));
            var isFirst = true;
            foreach (var cell in table.Rows[index].Cells.Where(cell => cell.Count > 0))
            {
                if (!isFirst) runs.Add(new MessageInline(" · "));
                runs.AddRange(table.HasHeading && index == 0 ? cell.Select(InlineText.Embolden) : cell);
                isFirst = false;
            }
        }

        return runs;
    }
}
