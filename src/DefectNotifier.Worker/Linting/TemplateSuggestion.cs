using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Suggests the name that the author of a template probably meant.</summary>
internal static class TemplateSuggestion
{
    private const int MaxListed = 12;

    /// <summary>The issue as an error whose message includes the suggestion.</summary>
    public static RenderError ErrorOf(TemplateIssue issue) =>
        new(issue.File, issue.Line, issue.Column, $"{issue.Message} {For(issue)?.Trim()}".Trim());

    /// <summary>A sentence; null or empty when no known name is similar.</summary>
    public static string? For(TemplateIssue issue) => issue.Word is { } word ? For(word, issue.Known) : null;

    // In a dotted name the typo is usually in one part: 'titel' is close to the last part of 'defect.title', not to the whole name.
    private static string For(string word, IReadOnlyCollection<string> known)
    {
        if (Suggestion.For(word, known) is { Length: > 0 } whole) return whole;
        var byLastPart = known.GroupBy(LastPart, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        if (Suggestion.For(LastPart(word), byLastPart.Keys).Split('\'') is [_, var part, _]) return $"Did you mean '{byLastPart[part]}'?";
        return known.Count is > 0 and <= MaxListed ? $"Available: {string.Join(", ", known)}." : "";
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
