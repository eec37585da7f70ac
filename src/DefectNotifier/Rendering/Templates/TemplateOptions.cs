using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Where the templates are, and what their helpers are fed with.</summary>
public sealed record TemplateOptions
{
    /// <summary>A folder of <c>*.sbn</c> files; default <c>templates</c>. What is missing there comes from the copies inside the program.</summary>
    public string Path { get; init; } = "templates";

    /// <summary>The zone of dates where the platform does not show them in the reader's own; default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Who may be mentioned, by the word that templates use: <c>mention 'qa-lead'</c>. Names in any case.</summary>
    public IReadOnlyDictionary<string, Mention> Mentions { get; init; } = new Dictionary<string, Mention>(StringComparer.OrdinalIgnoreCase);
}
