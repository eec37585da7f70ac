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

    /// <summary>The title; without one <c>Defect WEB D-73</c>.</summary>
    public static string Label(DefectEvent defectEvent) =>
        defectEvent.Title ?? (Number(defectEvent) is { } number ? $"Defect {number}" : "Defect");

    /// <summary>The symbol of its status, while it is open that of its severity, and its title.</summary>
    public static string Heading(DefectEvent defectEvent) =>
        $"{StatusEmoji(defectEvent.Status) ?? SeverityStyle.Emoji(defectEvent.Severity)} {Label(defectEvent)}";

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
