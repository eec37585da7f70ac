using System.Globalization;

namespace DefectNotifier.Rendering.Values;

/// <summary>Truncates text between grapheme clusters, so that emoji sequences and accented letters stay whole.</summary>
public static class Graphemes
{
    public const char Ellipsis = '…';

    // The longest emoji sequences that Unicode recommends have about 35 UTF-16 units. A longer cluster is a stack of combining
    // marks, and one such "letter" of 60,000 marks must not make a message impossible to truncate.
    private const int MaxCluster = 64;

    /// <summary>At most <paramref name="length"/> UTF-16 units including the ellipsis; unchanged when the text fits.</summary>
    public static string Truncate(string text, int length)
    {
        if (text.Length <= length) return text;
        return length < 1 ? "" : string.Concat(Prefix(text, length - 1).TrimEnd(), [Ellipsis]);
    }

    /// <summary>As many whole clusters from the start as fit; an overlong cluster is cut between code points.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int limit)
    {
        var taken = 0;
        while (taken < text.Length)
        {
            var cluster = StringInfo.GetNextTextElementLength(text[taken..]);
            if (taken + cluster > limit)
            {
                if (cluster > MaxCluster) taken = WholeCodePoints(text, limit);
                break;
            }

            taken += cluster;
        }

        return text[..taken];
    }

    private static int WholeCodePoints(ReadOnlySpan<char> text, int limit) =>
        limit > 0 && char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : Math.Max(0, limit);
}
