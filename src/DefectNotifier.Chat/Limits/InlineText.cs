using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Reads, measures, normalizes and cuts runs of text, independent of the platform.</summary>
internal static class InlineText
{
    public static string Read(IReadOnlyList<MessageInline> runs) =>
        runs.Count == 1 ? runs[0].Text : string.Concat(runs.Select(run => run.Text));

    public static int Length(IReadOnlyList<MessageInline> runs) => runs.Count == 1 ? runs[0].Text.Length : runs.Sum(run => run.Text.Length);

    public static MessageInline Embolden(MessageInline run) => run with { Style = run.Style | InlineStyle.Bold };

    /// <summary>
    /// Valid characters, safe URLs, no empty runs; adjacent runs with the same style are joined. Empty when the runs show nothing.
    /// </summary>
    public static IReadOnlyList<MessageInline> Normalize(IReadOnlyList<MessageInline> runs)
    {
        var valid = MessageInline.Join(runs.Select(run => run with
        {
            Text = Graphemes.ReplaceLoneSurrogates(run.Text),
            Url = SafeUrl.TryCreate(run.Url, out var url) ? url : null,
        }));
        return valid.Exists(run => VisibleText.IsIn(run.Text)) ? valid : [];
    }

    /// <summary>
    /// Runs of at most <paramref name="limit"/> UTF-16 units together; the last one ends in an ellipsis when text was removed.
    /// </summary>
    public static IReadOnlyList<MessageInline> Cut(IReadOnlyList<MessageInline> runs, int limit)
    {
        if (Length(runs) <= limit) return runs;
        var kept = new List<MessageInline>();
        var room = limit - 1;
        foreach (var run in runs)
        {
            if (run.Text.Length <= room)
            {
                kept.Add(run);
                room -= run.Text.Length;
                continue;
            }

            // A truncated date is not a date any more, and a truncated name mentions no one: both become plain text.
            var part = Graphemes.Prefix(run.Text, room).ToString();
            if (part.Length > 0) kept.Add(run with { Text = part, Date = null, Mention = null });
            break;
        }

        if (kept.Count > 0 && kept[^1] is { Date: null, Mention: null })
            kept[^1] = kept[^1] with { Text = kept[^1].Text + Graphemes.Ellipsis };
        else
            kept.Add(new MessageInline(Graphemes.Ellipsis.ToString()));
        return kept;
    }
}
