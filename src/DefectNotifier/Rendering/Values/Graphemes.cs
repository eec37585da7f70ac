using System.Globalization;
using System.Text;

namespace DefectNotifier.Rendering.Values;

/// <summary>Cuts text between grapheme clusters, so that emoji sequences and accented letters stay whole.</summary>
public static class Graphemes
{
    public const char Ellipsis = '…';

    // The longest emoji sequences that Unicode recommends have about 35 UTF-16 units. A longer cluster is a stack of combining
    // marks, and one such "letter" of 60,000 marks must not make a message impossible to truncate.
    private const int MaxCluster = 64;

    /// <summary>
    /// At most <paramref name="length"/> UTF-16 units including the ellipsis, without white space before it; unchanged when the text fits.
    /// </summary>
    public static string Truncate(string text, int length)
    {
        if (text.Length <= length) return text;
        return length < 1 ? "" : string.Concat(Prefix(text, length - 1).TrimEnd(), [Ellipsis]);
    }

    /// <summary>The same, with the white space before the ellipsis; never empty when text was cut.</summary>
    public static string Cut(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(Prefix(text, limit - 1), [Ellipsis]);

    /// <summary>A lone surrogate is not a character: it becomes U+FFFD, as a JSON writer would write it anyway.</summary>
    public static string ReplaceLoneSurrogates(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>As many whole clusters from the start as fit; an overlong cluster is cut between code points.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int limit)
    {
        var taken = SafeCut(text, limit);
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

    // The last place up to the limit between two ASCII characters: no cluster contains both, except for a line break of CR and LF. The
    // search for whole clusters starts there, because from the start of a long text it would be slow.
    private static int SafeCut(ReadOnlySpan<char> text, int limit)
    {
        var at = Math.Min(limit, text.Length - 1);
        while (at > 0 && !(char.IsAscii(text[at - 1]) && char.IsAscii(text[at]) && text[at - 1] != '\r')) at--;
        return Math.Max(at, 0);
    }

    private static int WholeCodePoints(ReadOnlySpan<char> text, int limit) =>
        limit > 0 && char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : Math.Max(0, limit);
}
