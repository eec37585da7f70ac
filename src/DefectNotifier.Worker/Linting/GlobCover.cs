using System.Collections.Immutable;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>Whether every text that a pattern matches is matched by one of some others as well; exact, by walking through all of them at once.</summary>
internal static class GlobCover
{
    /// <summary>Patterns that need more steps than this are taken for not covered: nothing is told that is not so.</summary>
    private const int MaxSteps = 2_000;

    /// <summary>Stands for every character that no pattern names.</summary>
    private const char Other = '\uFFFF';

    public static bool Covers(IReadOnlyList<Glob> wide, Glob narrow)
    {
        // Most patterns are plain words, and there may be a thousand of them to be held against each other.
        if (!IsWild(narrow)) return wide.Any(glob => glob.IsMatch(narrow.Pattern));
        if (!wide.Any(IsWild)) return false;
        var patterns = wide.Select(glob => glob.Pattern.ToUpperInvariant()).ToList();
        var asked = narrow.Pattern.ToUpperInvariant();
        var letters = patterns.Append(asked).SelectMany(pattern => pattern).Where(letter => letter is not ('*' or '?')).Append(Other).Distinct().ToList();
        var start = new Step(Closure(asked, [0]), [.. patterns.Select(pattern => Closure(pattern, [0]))]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.ToString() };
        var open = new Queue<Step>([start]);
        while (open.TryDequeue(out var step))
        {
            if (step.Asked.Contains(asked.Length) && !step.Wide.Where((places, index) => places.Contains(patterns[index].Length)).Any()) return false;
            foreach (var letter in letters)
            {
                var next = new Step(Move(asked, step.Asked, letter), [.. patterns.Select((pattern, index) => Move(pattern, step.Wide[index], letter))]);
                if (next.Asked.Count == 0 || !seen.Add(next.ToString())) continue;
                if (seen.Count > MaxSteps) return false;
                open.Enqueue(next);
            }
        }

        return true;
    }

    private static bool IsWild(Glob glob) => glob.Pattern.AsSpan().IndexOfAny('*', '?') >= 0;

    private static ImmutableSortedSet<int> Move(string pattern, ImmutableSortedSet<int> places, char letter) => Closure(pattern, places
        .Where(place => place < pattern.Length && (pattern[place] is '*' or '?' || pattern[place] == letter))
        .Select(place => pattern[place] == '*' ? place : place + 1));

    // A star may stand for nothing.
    private static ImmutableSortedSet<int> Closure(string pattern, IEnumerable<int> places)
    {
        var closed = new SortedSet<int>();
        foreach (var place in places)
        {
            closed.Add(place);
            for (var at = place; at < pattern.Length && pattern[at] == '*'; at++) closed.Add(at + 1);
        }

        return [.. closed];
    }

    private sealed record Step(ImmutableSortedSet<int> Asked, ImmutableArray<ImmutableSortedSet<int>> Wide)
    {
        public override string ToString() => string.Join('|', Wide.Prepend(Asked).Select(places => string.Join(',', places)));
    }
}
