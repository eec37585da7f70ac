using System.Buffers;
using System.Globalization;
using System.Text;

namespace DefectNotifier.Chat.Fitting;

/// <summary>Cuts text where a reader would: between grapheme clusters, so that no emoji, accent or surrogate pair is torn.</summary>
internal static class GraphemeText
{
    public const string Ellipsis = "…";

    // The longest emoji sequences that Unicode recommends have about 35 UTF-16 units. Anything longer is a tower of combining
    // marks, and one such "letter" of 60,000 marks must not make a message impossible to cut.
    private const int LongestHonestCluster = 64;

    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    /// <summary>The text itself when it has at most <paramref name="limit"/> UTF-16 units, else its beginning and an ellipsis within that limit.</summary>
    public static string Cut(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(Prefix(text, limit - 1), Ellipsis);

    /// <summary>As many whole clusters from the start as fit; a cluster that nobody could read is cut between code points.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int limit)
    {
        var taken = 0;
        while (taken < text.Length)
        {
            var cluster = StringInfo.GetNextTextElementLength(text[taken..]);
            if (taken + cluster > limit)
            {
                if (cluster > LongestHonestCluster) taken = WholeCodePoints(text, limit);
                break;
            }

            taken += cluster;
        }

        return text[..taken];
    }

    /// <summary>Half of a surrogate pair is no character: it becomes U+FFFD, as a JSON writer would make it anyway.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAny(Surrogates)) return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) whole.Append(rune);
        return whole.ToString();
    }

    private static int WholeCodePoints(ReadOnlySpan<char> text, int limit) =>
        limit > 0 && char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : Math.Max(0, limit);
}
