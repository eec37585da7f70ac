using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The words and symbols for a defect that several templates need.</summary>
internal static class DefectWords
{
    /// <summary><c>WEB D-73</c>; null when the event has no number.</summary>
    public static string? Number(DefectEvent defectEvent) => defectEvent.SubjectId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{(defectEvent.ProjectCode is { } code ? code + " " : "")}D-{id}")
        : null;

    /// <summary>Qase's own limit for a title. A longer one would fill the heading.</summary>
    private const int MaxLabel = 255;

    /// <summary>The title, cut when it is very long; without one <c>Defect WEB D-73</c>.</summary>
    public static string Label(DefectEvent defectEvent) => defectEvent.Title is { } title
        ? Graphemes.Truncate(title, MaxLabel)
        : Number(defectEvent) is { } number ? $"Defect {number}" : "Defect";

    /// <summary>The whole title when <see cref="Label"/> is only a part of it; null otherwise.</summary>
    public static string? LongTitle(DefectEvent defectEvent) => defectEvent.Title is { Length: > MaxLabel } title ? title : null;

    /// <summary>
    /// The symbol of its status, while it is open that of its severity, its title, and how many defects with that title it shows.
    /// </summary>
    public static string Heading(DefectEvent defectEvent, int repeats) =>
        $"{StatusEmoji(defectEvent.Status) ?? SeverityStyle.Emoji(defectEvent.Severity)} {Label(defectEvent)}{Times(repeats)}";

    private static string Times(int repeats) =>
        repeats == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ×{repeats + 1}");

    /// <summary>Null while it is open or in progress, and for a status that Qase does not have.</summary>
    public static string? StatusEmoji(string? status) => status switch
    {
        DefectStatus.Resolved => "✅",
        DefectStatus.Deleted => "🗑️",
        DefectStatus.Invalid => "🚫",
        _ => null,
    };

    public static string StatusLabel(string status) => status switch
    {
        DefectStatus.Open => "Open",
        DefectStatus.InProgress => "In progress",
        DefectStatus.Resolved => "Resolved",
        DefectStatus.Invalid => "Invalid",
        DefectStatus.Deleted => "Deleted",
        _ => status,
    };

    /// <summary>A value of a property as a reader knows it.</summary>
    public static string ValueOf(DefectProperty property, string value) =>
        property == DefectProperty.Status ? StatusLabel(value) : value;
}
