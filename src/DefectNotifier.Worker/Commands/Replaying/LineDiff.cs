namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>The line-by-line difference between two short texts.</summary>
internal static class LineDiff
{
    /// <summary>Messages have a few dozen lines; only the beginning of a longer text is compared.</summary>
    private const int MaxLines = 200;

    /// <summary>The lines with the prefix <c>- </c>, <c>+ </c> or two spaces; unchanged lines only next to a change.</summary>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        var all = Walk(Lines(before), Lines(after)).ToList();
        return [.. all.Where((line, at) => line[0] != ' ' || IsChange(at - 1) || IsChange(at + 1))];

        bool IsChange(int at) => at >= 0 && at < all.Count && all[at][0] != ' ';
    }

    // Longest common subsequence, with a table of lengths.
    private static IEnumerable<string> Walk(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var (left, right) = (0, 0);
        while (left < before.Length || right < after.Length)
        {
            if (left < before.Length && right < after.Length && before[left] == after[right])
            {
                yield return "  " + before[left++];
                right++;
            }
            else if (left < before.Length && (right == after.Length || common[left + 1, right] >= common[left, right + 1]))
            {
                yield return "- " + before[left++];
            }
            else
            {
                yield return "+ " + after[right++];
            }
        }
    }

    private static string[] Lines(string text) => [.. text.TrimEnd().Split('\n').Take(MaxLines)];
}
