using System.Globalization;

namespace DefectNotifier.Rendering.Values;

/// <summary>Cuts text where a reader would: never inside a character that is seen as one (emoji sequences, accents).</summary>
public static class Graphemes
{
    public const char Ellipsis = '…';

    // The longest emoji sequences that Unicode recommends have about 35 UTF-16 units. Anything longer is a tower of combining
    // marks, and one such "letter" of 60,000 marks must not make a message impossible to cut.
    private const int MaxHonestCluster = 64;

    /// <summary>At most <paramref name="length"/> UTF-16 units, the ellipsis included; the text itself when it fits.</summary>
    public static string Truncate(string text, int length)
    {
        if (text.Length <= length) return text;
        return length < 1 ? "" : string.Concat(Prefix(text, length - 1).TrimEnd(), [Ellipsis]);
    }

    /// <summary>As many whole clusters from the start as fit; a cluster that nobody could read is cut between code points.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int limit)
    {
        var taken = 0;
        while (taken < text.Length)
        {
            var cluster = StringInfo.GetNextTextElementLength(text[taken..]);
            if (taken + cluster > limit)
            {
                if (cluster > MaxHonestCluster) taken = WholeCodePoints(text, limit);
                break;
            }

            taken += cluster;
        }

        return text[..taken];
    }

    private static int WholeCodePoints(ReadOnlySpan<char> text, int limit) =>
        limit > 0 && char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : Math.Max(0, limit);
}
