using System.Diagnostics;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// Shortens a document to the platform's limits. The platform measures, because only it knows the cost of escaping and structure; this type
/// decides what to give up, in this order:
/// <list type="number">
/// <item>Long texts, by one maximum length for all, so that a very long text does not displace short ones, down to
/// <see cref="MinText"/> characters.</item>
/// <item>Long lists, tables and rows of buttons, from their ends, by one maximum for all, down to <see cref="MinItems"/> items.</item>
/// <item>Blocks, from the end; buttons and the closing note go late, the first heading last.</item>
/// </list>
/// Each is given up only as far as needed. When items or blocks were removed, a last line says so; when the document has a link to the full
/// content, the last line is always added, with the link. A document that fits is not changed.
/// </summary>
internal static class DocumentShrinker
{
    public const string ShortenedNote = "… shortened";
    public const int MinText = 120;
    public const int MinItems = 5;

    /// <param name="document">A normalized document.</param>
    /// <param name="write">The platform's writer; null when the result exceeds one of its limits.</param>
    public static T Fit<T>(MessageDocument document, Func<MessageDocument, T?> write) where T : class
    {
        if (write(document) is { } whole) return whole;

        var longestText = document.Blocks.Max(BlockCutter.MaxText);
        var longestList = document.Blocks.Max(BlockCutter.ItemCount);
        var ranked = Rank(document.Blocks);

        // Start with the minimum of everything, then raise in reverse order: first blocks, then items, then text.
        var budget = new SizeBudget(Math.Min(MinText, longestText), Math.Min(MinItems, longestList), 0);
        budget = budget with { Blocks = Largest(0, document.Blocks.Count, blocks => Fits(budget with { Blocks = blocks })) };
        budget = budget with { Items = Largest(budget.Items, longestList, items => Fits(budget with { Items = items })) };
        budget = budget with { Characters = Largest(budget.Characters, longestText, length => Fits(budget with { Characters = length })) };
        return write(Shrink(document, ranked, budget))
            ?? throw new UnreachableException("A heading of 120 characters and a note fit every platform.");

        bool Fits(SizeBudget candidate) => write(Shrink(document, ranked, candidate)) is not null;
    }

    public static IReadOnlyList<MessageInline> NoteOf(string? link) => link is null
        ? [new MessageInline(ShortenedNote)]
        : [new MessageInline(ShortenedNote + ", "), new MessageInline("open in Qase") { Url = link }];

    /// <summary>
    /// The positions of the blocks by importance: the heading, then buttons and the closing note, then the rest in order.
    /// </summary>
    private static int[] Rank(IReadOnlyList<MessageBlock> blocks)
    {
        var positions = Enumerable.Range(0, blocks.Count);
        var heading = positions.FirstOrDefault(position => blocks[position] is HeadingBlock, -1);
        return [.. positions.OrderBy(RankOf)];

        // A note at the end is about the whole message: who, when, and that it may be a repeat.
        int RankOf(int position) =>
            position == heading ? 0
            : blocks[position] is ButtonsBlock || (position == blocks.Count - 1 && blocks[position] is NoteBlock) ? 1
            : 2;
    }

    private static MessageDocument Shrink(MessageDocument document, int[] ranked, SizeBudget budget)
    {
        var kept = ranked.Take(budget.Blocks).Order().Select(position => BlockCutter.Cut(document.Blocks[position], budget)).ToList();

        // Not even the first block fits, so its links must be extremely long: keep its text only.
        if (kept.Count == 0) kept.AddRange(PlainHeading(document.Blocks[ranked[0]], budget));

        var isShortened = budget.Blocks < document.Blocks.Count
            || document.Blocks.Any(block => BlockCutter.ItemCount(block) > budget.Items);
        if (isShortened || document.Link is not null) kept.Add(new NoteBlock(NoteOf(document.Link)));
        return document with { Blocks = kept };
    }

    private static IEnumerable<MessageBlock> PlainHeading(MessageBlock block, SizeBudget budget) => block is HeadingBlock heading
        ? [heading with { Inlines = [new MessageInline(Graphemes.Cut(InlineText.Read(heading.Inlines), budget.Characters))] }]
        : [];

    /// <summary>The largest number up to <paramref name="high"/> that fits; <paramref name="low"/> is known to fit.</summary>
    private static int Largest(int low, int high, Predicate<int> fits)
    {
        if (low >= high || fits(high)) return high;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (fits(middle)) low = middle;
            else high = middle;
        }

        return low;
    }
}
