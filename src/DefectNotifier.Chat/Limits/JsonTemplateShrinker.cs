using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// Makes what a JSON template wrote fit, as <see cref="DocumentShrinker"/> does with documents. What is given up, in this order:
/// <list type="number">
/// <item>Long values, fairly: one cap for all, down to <see cref="DocumentShrinker.ShortestText"/> characters.</item>
/// <item>Blocks, from the end, those of least worth first.</item>
/// </list>
/// A last line says that it was shortened. What fits is not touched.
/// </summary>
internal static class JsonTemplateShrinker
{
    /// <param name="template">The template's JSON.</param>
    /// <param name="blocks">How many blocks the message has at the top.</param>
    /// <param name="tryWrite">
    /// Writes the message with values of at most so many characters, so many blocks, and the line that says so when the third is true; null when it is over a limit.
    /// </param>
    /// <exception cref="JsonTemplateException">The author's own words alone are too much.</exception>
    public static byte[] Fit(JsonTemplate template, int blocks, Func<int, int, bool, byte[]?> tryWrite)
    {
        var longest = Math.Max(template.MaxValueLength, 1);
        if (tryWrite(longest, blocks, false) is { } whole) return whole;

        var shortest = Math.Min(DocumentShrinker.ShortestText, longest);
        var kept = Largest(0, blocks, count => tryWrite(shortest, count, true) is not null);
        var cap = Largest(shortest, longest, length => tryWrite(length, kept, true) is not null);
        // A message may have words and no blocks.
        return (kept > 0 || blocks == 0 ? tryWrite(cap, kept, true) : null) ?? throw new JsonTemplateException("$", "the template's own text is larger than a message can be.");
    }

    /// <summary>The largest number up to <paramref name="high"/> that holds, or <paramref name="low"/>.</summary>
    private static int Largest(int low, int high, Predicate<int> holds)
    {
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (holds(middle)) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
