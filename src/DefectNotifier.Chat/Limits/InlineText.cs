using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Reads, measures, normalizes and cuts runs of text, independent of the platform.</summary>
internal static class InlineText
{
    public static string Read(IReadOnlyList<MessageInline> runs) =>
        runs.Count == 1 ? runs[0].Text : string.Concat(runs.Select(run => run.Text));

    public static int Length(IReadOnlyList<MessageInline> runs) => runs.Count == 1 ? runs[0].Text.Length : runs.Sum(run => run.Text.Length);

    /// <summary>
    /// Valid characters, safe URLs, no empty runs, equal neighbours joined. Runs of white space only become no runs at all.
    /// </summary>
    public static IReadOnlyList<MessageInline> Normalize(IReadOnlyList<MessageInline> runs)
    {
        if (IsNormal(runs)) return runs;
        var tidy = new List<MessageInline>(runs.Count);
        var text = new StringBuilder();
        foreach (var run in runs)
        {
            var next = run with
            {
                Text = GraphemeText.ReplaceLoneSurrogates(run.Text),
                Url = SafeUrl.TryCreate(run.Url, out var url) ? url : null,
            };
            if (next.Text.Length == 0) continue;
            if (tidy.Count > 0 && tidy[^1].JoinsWith(next))
            {
                text.Append(next.Text);
                continue;
            }

            Close();
            tidy.Add(next);
            text.Append(next.Text);
        }

        Close();
        return tidy.TrueForAll(run => string.IsNullOrWhiteSpace(run.Text)) ? [] : tidy;

        void Close()
        {
            if (tidy.Count > 0 && tidy[^1].Text.Length != text.Length) tidy[^1] = tidy[^1] with { Text = text.ToString() };
            text.Clear();
        }
    }

    private static bool IsNormal(IReadOnlyList<MessageInline> runs)
    {
        var hasText = false;
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            if (run.Text.Length == 0 || GraphemeText.HasLoneSurrogate(run.Text) || (i > 0 && runs[i - 1].JoinsWith(run))) return false;
            if (run.Url is not null && !(SafeUrl.TryCreate(run.Url, out var url) && url == run.Url)) return false;
            hasText |= !string.IsNullOrWhiteSpace(run.Text);
        }

        return hasText || runs.Count == 0;
    }

    /// <summary>
    /// Runs of at most <paramref name="limit"/> UTF-16 units together; the last one ends in an ellipsis when text was removed.
    /// </summary>
    public static IReadOnlyList<MessageInline> Cut(IReadOnlyList<MessageInline> runs, int limit)
    {
        if (Length(runs) <= limit) return runs;
        var kept = new List<MessageInline>();
        var room = limit - GraphemeText.Ellipsis.Length;
        foreach (var run in runs)
        {
            if (run.Text.Length <= room)
            {
                kept.Add(run);
                room -= run.Text.Length;
                continue;
            }

            // Part of a date is not a date any more, and part of a name mentions no one: both become plain text.
            var part = Graphemes.Prefix(run.Text, room).ToString();
            if (part.Length > 0) kept.Add(run with { Text = part, Date = null, Mention = null });
            break;
        }

        if (kept.Count > 0 && kept[^1] is { Date: null, Mention: null })
            kept[^1] = kept[^1] with { Text = kept[^1].Text + GraphemeText.Ellipsis };
        else
            kept.Add(new MessageInline(GraphemeText.Ellipsis));
        return kept;
    }
}
