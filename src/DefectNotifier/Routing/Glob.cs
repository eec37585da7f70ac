namespace DefectNotifier.Routing;

/// <summary>A pattern of <c>*</c> (any run of characters, also none) and <c>?</c> (one), compared without regard to case.</summary>
public sealed record Glob(string Pattern)
{
    /// <summary>Takes time in proportion to both lengths at the worst: there is no backtracking beyond the last star.</summary>
    public bool IsMatch(string text)
    {
        int at = 0, pattern = 0, star = -1, restart = 0;
        while (at < text.Length)
        {
            if (pattern < Pattern.Length && Pattern[pattern] == '*')
            {
                star = pattern++;
                restart = at;
            }
            else if (pattern < Pattern.Length && (Pattern[pattern] == '?' || Same(Pattern[pattern], text[at])))
            {
                pattern++;
                at++;
            }
            else if (star >= 0)
            {
                pattern = star + 1;
                at = ++restart;
            }
            else
            {
                return false;
            }
        }

        return Pattern.AsSpan(pattern).Trim('*').IsEmpty;
    }

    private static bool Same(char left, char right) => left == right || char.ToUpperInvariant(left) == char.ToUpperInvariant(right);

    public override string ToString() => Pattern;
}
