using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>
/// Shortens the message of a JSON template to the platform's limits, as <see cref="DocumentShrinker"/> does for documents. It gives up, in
/// this order:
/// <list type="number">
/// <item>Long values, by one maximum length for all, down to <see cref="DocumentShrinker.MinText"/> characters.</item>
/// <item>Blocks, from the end, the least important ones first.</item>
/// </list>
/// A last line says that the message was shortened. A message that fits is not changed.
/// </summary>
internal static class JsonTemplateShrinker
{
    /// <param name="template">The template's JSON.</param>
    /// <param name="blocks">The number of the message's top-level blocks.</param>
    /// <param name="tryWrite">
    /// Writes the message with values of at most the given length, the given number of blocks, and the last line when the third argument is
    /// true; null when it exceeds a limit.
    /// </param>
    /// <exception cref="JsonTemplateException">The author's own text alone exceeds the limits.</exception>
    public static byte[] Fit(JsonTemplate template, int blocks, Func<int, int, bool, byte[]?> tryWrite)
    {
        var longest = Math.Max(template.MaxValueLength, 1);
        if (tryWrite(longest, blocks, false) is { } whole) return whole;

        var shortest = Math.Min(DocumentShrinker.MinText, longest);
        var kept = Largest(0, blocks, count => tryWrite(shortest, count, true) is not null);
        var maxValue = Largest(shortest, longest, length => tryWrite(length, kept, true) is not null);
        // A message without blocks may still have a text.
        return (kept > 0 || blocks == 0 ? tryWrite(maxValue, kept, true) : null)
            ?? throw new JsonTemplateException("$", "the template's own text is larger than a message can be.");
    }

    /// <summary>The largest number up to <paramref name="high"/> that fits, or <paramref name="low"/>.</summary>
    private static int Largest(int low, int high, Predicate<int> fits)
    {
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (fits(middle)) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
