using DefectNotifier.Rendering;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>The word that the author of a template surely meant.</summary>
internal static class TemplateSuggestion
{
    private const int MaxListed = 12;

    /// <summary>A sentence; empty or null where nothing is near.</summary>
    public static string? For(TemplateIssue issue) => issue.Word is { } word ? For(word, issue.Known) : null;

    // Of a dotted name people slip in one part: 'titel' is near to the end of 'defect.title', not to the whole.
    private static string For(string word, IReadOnlyCollection<string> known)
    {
        if (Suggestion.For(word, known) is { Length: > 0 } whole) return whole;
        var ends = known.GroupBy(name => name[(name.LastIndexOf('.') + 1)..], StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        return Suggestion.For(word[(word.LastIndexOf('.') + 1)..], ends.Keys).Split('\'') is [_, var end, _] ? $"Did you mean '{ends[end]}'?"
            : known.Count is > 0 and <= MaxListed ? $"There are {string.Join(", ", known)}." : "";
    }
}
