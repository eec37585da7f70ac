using System.Diagnostics;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// Makes a document fit. The platform measures (it alone knows what escaping and structure cost), this type decides what to give up, in this order:
/// <list type="number">
/// <item>Long texts, fairly: one cap for all, so that a huge one cannot push out the short ones ("water filling"), down to
/// <see cref="ShortestText"/> characters.</item>
/// <item>Long lists, tables and rows of buttons, from their ends, by one cap for all, down to <see cref="ShortestList"/> items.</item>
/// <item>Blocks, from the end; the first heading goes last, before it buttons and the closing small print.</item>
/// </list>
/// Each is given up only as far as needed. Where items or blocks are gone a last line says so; where the whole can be read elsewhere it always does, with the link. A
/// document that fits is not touched.
/// </summary>
internal static class DocumentShrinker
{
    public const string ShortenedNote = "… shortened";
    public const int ShortestText = 120;
    public const int ShortestList = 5;

    /// <param name="document">A normalized document.</param>
    /// <param name="render">The platform's writer; null when the result is over one of its limits.</param>
    public static T Fit<T>(MessageDocument document, Func<MessageDocument, T?> render) where T : class
    {
        if (render(document) is { } whole) return whole;

        var longestText = document.Blocks.Max(BlockCutter.MaxText);
        var longestList = document.Blocks.Max(BlockCutter.ItemCount);
        var ranked = Rank(document.Blocks);

        // From the last thing to be given up to the first: each is raised as far as the ones before it, at their lowest, allow.
        var caps = new SizeCaps(Math.Min(ShortestText, longestText), Math.Min(ShortestList, longestList), 0);
        caps = caps with { Blocks = Largest(0, document.Blocks.Count, blocks => Fits(caps with { Blocks = blocks })) };
        caps = caps with { Items = Largest(caps.Items, longestList, items => Fits(caps with { Items = items })) };
        caps = caps with { Characters = Largest(caps.Characters, longestText, characters => Fits(caps with { Characters = characters })) };
        return render(Shrink(document, ranked, caps)) ?? throw new UnreachableException("A heading of 120 characters and a note fit every platform.");

        bool Fits(SizeCaps tried) => render(Shrink(document, ranked, tried)) is not null;
    }

    /// <summary>The positions of the blocks, the most worth keeping first: the heading, the buttons and the closing small print, then in reading order.</summary>
    private static int[] Rank(IReadOnlyList<MessageBlock> blocks)
    {
        var positions = Enumerable.Range(0, blocks.Count);
        var heading = positions.FirstOrDefault(position => blocks[position] is HeadingBlock, -1);
        // The last small print is what holds for the whole message: who, when, and that it may be a repeat.
        var last = blocks.Count - 1;
        return [.. positions.OrderBy(position => position == heading ? 0 : blocks[position] is ButtonsBlock || (position == last && blocks[position] is NoteBlock) ? 1 : 2)];
    }

    private static MessageDocument Shrink(MessageDocument document, int[] ranked, SizeCaps caps)
    {
        var kept = ranked.Take(caps.Blocks).Order().Select(position => BlockCutter.Cut(document.Blocks[position], caps)).ToList();

        // Not even the first block fits as it is: its links must be monstrous. Its words remain.
        if (kept.Count == 0) kept.AddRange(BareHeading(document.Blocks[ranked[0]], caps));

        var isShortened = caps.Blocks < document.Blocks.Count || document.Blocks.Any(block => BlockCutter.ItemCount(block) > caps.Items);
        if (isShortened || document.Link is not null) kept.Add(new NoteBlock(NoteOf(document.Link)));
        return document with { Blocks = kept };
    }

    public static IReadOnlyList<MessageInline> NoteOf(string? link) => link is null
        ? [new MessageInline(ShortenedNote)]
        : [new MessageInline(ShortenedNote + ", "), new MessageInline("open in Qase") { Url = link }];

    private static IEnumerable<MessageBlock> BareHeading(MessageBlock block, SizeCaps caps) => block is HeadingBlock heading
        ? [heading with { Inlines = [new MessageInline(GraphemeText.Cut(InlineText.Read(heading.Inlines), caps.Characters))] }]
        : [];

    /// <summary>The largest number up to <paramref name="high"/> that holds; <paramref name="low"/> is known to.</summary>
    private static int Largest(int low, int high, Predicate<int> holds)
    {
        if (low >= high || holds(high)) return high;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (holds(middle)) low = middle;
            else high = middle;
        }

        return low;
    }
}
