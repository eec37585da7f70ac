using System.Collections.Immutable;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>
/// Decides whether every text that one pattern matches is also matched by one of several other patterns. The result is exact: all patterns
/// are run together as one state machine.
/// </summary>
internal static class GlobCover
{
    /// <summary>Beyond this many states the pattern counts as not covered, so that no wrong finding is reported.</summary>
    private const int MaxStates = 2_000;

    /// <summary>Represents every character that no pattern contains.</summary>
    private const char OtherLetter = '\uFFFF';

    public static bool Covers(IReadOnlyList<Glob> wide, Glob narrow)
    {
        // Fast path: most patterns are plain words, and there may be a thousand of them.
        if (!IsWild(narrow)) return wide.Any(glob => glob.IsMatch(narrow.Pattern));
        if (!wide.Any(IsWild)) return false;
        var patterns = wide.Select(glob => glob.Pattern.ToUpperInvariant()).ToList();
        var target = narrow.Pattern.ToUpperInvariant();
        var letters = patterns.Append(target).SelectMany(pattern => pattern).Where(letter => letter is not ('*' or '?'))
            .Append(OtherLetter).Distinct().ToList();
        var start = new State(Closure(target, [0]), [.. patterns.Select(pattern => Closure(pattern, [0]))]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.ToString() };
        var open = new Queue<State>([start]);
        while (open.TryDequeue(out var state))
        {
            var isMatchedByWide = state.Wide.Where((positions, index) => positions.Contains(patterns[index].Length)).Any();
            if (state.Target.Contains(target.Length) && !isMatchedByWide) return false;
            foreach (var letter in letters)
            {
                var next = new State(
                    Move(target, state.Target, letter), [.. patterns.Select((pattern, index) => Move(pattern, state.Wide[index], letter))]);
                if (next.Target.Count == 0 || !seen.Add(next.ToString())) continue;
                if (seen.Count > MaxStates) return false;
                open.Enqueue(next);
            }
        }

        return true;
    }

    private static bool IsWild(Glob glob) => glob.Pattern.AsSpan().IndexOfAny('*', '?') >= 0;

    private static ImmutableSortedSet<int> Move(string pattern, ImmutableSortedSet<int> positions, char letter)
    {
        var matching = positions.Where(at => at < pattern.Length && (pattern[at] is '*' or '?' || pattern[at] == letter));
        return Closure(pattern, matching.Select(at => pattern[at] == '*' ? at : at + 1));
    }

    // A star also matches the empty text.
    private static ImmutableSortedSet<int> Closure(string pattern, IEnumerable<int> positions)
    {
        var closed = new SortedSet<int>();
        foreach (var position in positions)
        {
            closed.Add(position);
            for (var at = position; at < pattern.Length && pattern[at] == '*'; at++) closed.Add(at + 1);
        }

        return [.. closed];
    }

    // The positions that each pattern can be at after the same letters.
    private sealed record State(ImmutableSortedSet<int> Target, ImmutableArray<ImmutableSortedSet<int>> Wide)
    {
        public override string ToString() => string.Join('|', Wide.Prepend(Target).Select(positions => string.Join(',', positions)));
    }
}
