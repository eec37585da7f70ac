namespace DefectNotifier.Routing;

/// <summary>A case-insensitive pattern of <c>*</c> (any number of characters) and <c>?</c> (one character).</summary>
public sealed record Glob(string Pattern)
{
    /// <summary>At worst takes time proportional to the product of both lengths, because it backtracks to the last star only.</summary>
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
