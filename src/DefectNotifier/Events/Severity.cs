using System.Collections.Frozen;

namespace DefectNotifier.Events;

/// <summary>
/// The severity of a defect. The seven of Qase are static members. A workspace may define its own, so any other text is kept as received
/// (<see cref="Rank"/> is null).
/// </summary>
/// <param name="Slug">What Qase writes in a webhook: <c>blocker</c>, <c>critical</c>, ... or any other text in lower case.</param>
/// <param name="Label">What Qase shows: <c>Blocker</c>, ..., <c>Not set</c> for <c>undefined</c>.</param>
/// <param name="Rank">1 is the worst (blocker), 6 the mildest (trivial); null for <c>undefined</c> and for unknown text.</param>
public sealed record Severity(string Slug, string Label, int? Rank)
{
    public static readonly Severity Undefined = new("undefined", "Not set", null);
    public static readonly Severity Blocker = new("blocker", "Blocker", 1);
    public static readonly Severity Critical = new("critical", "Critical", 2);
    public static readonly Severity Major = new("major", "Major", 3);
    public static readonly Severity Normal = new("normal", "Normal", 4);
    public static readonly Severity Minor = new("minor", "Minor", 5);
    public static readonly Severity Trivial = new("trivial", "Trivial", 6);

    /// <summary>Qase's own severities; the position is Qase's number (0 is "Not set", 1 the worst).</summary>
    public static IReadOnlyList<Severity> Known { get; } = [Undefined, Blocker, Critical, Major, Normal, Minor, Trivial];

    private static readonly FrozenDictionary<string, Severity> ByText = Known
        .SelectMany(severity => new[] { (severity.Slug, severity), (severity.Label, severity) })
        .Append(("blocked", Blocker)) // as Qase's 2021 documentation writes it
        .DistinctBy(pair => pair.Item1, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a slug, a label or a number. Unknown text becomes a severity without a rank. Null for blank text.</summary>
    public static Severity? Parse(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed)) return null;
        if (TryParseKnown(trimmed, out var known)) return known;
        return new Severity(trimmed.ToLowerInvariant(), trimmed, null);
    }

    /// <summary>True when the text is the slug, label or number of one of <see cref="Known"/>.</summary>
    public static bool TryParseKnown(string text, out Severity severity)
    {
        if (ByText.TryGetValue(text, out severity!)) return true;
        if (int.TryParse(text, out var number) && number >= 0 && number < Known.Count)
        {
            severity = Known[number];
            return true;
        }

        severity = Undefined;
        return false;
    }
}
