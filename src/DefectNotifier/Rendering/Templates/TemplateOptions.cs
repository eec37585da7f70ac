using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The section <c>Templates</c> of the settings.</summary>
public sealed record TemplateOptions
{
    /// <summary>A folder with <c>*.sbn</c> files; default <c>templates</c>. The shipped templates replace missing files.</summary>
    public string Path { get; init; } = "templates";

    /// <summary>The time zone of dates where the platform does not show them in the reader's own zone; default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Who may be mentioned, by the name that templates use: <c>mention 'qa-lead'</c>. Case-insensitive.</summary>
    public IReadOnlyDictionary<string, Mention> Mentions { get; init; } =
        new Dictionary<string, Mention>(StringComparer.OrdinalIgnoreCase);
}
