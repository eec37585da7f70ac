namespace DefectNotifier.Worker.Settings;

/// <summary>"Did you mean ...?" for a word that is similar to a known one.</summary>
internal static class Suggestion
{
    /// <summary>The sentence with a leading space; empty when no known word is similar.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.Distance).FirstOrDefault();
        var isSimilar = nearest.candidate is not null && nearest.Distance <= Math.Max(1, word.Length / 3);
        return isSimilar ? $" Did you mean '{nearest.candidate}'?" : "";
    }

    // The Damerau-Levenshtein distance: insertions, deletions, replacements and swapped neighbours.
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                var isSwapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                if (isSwapped) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }
}
