namespace DefectNotifier.Rendering;

/// <summary>Where the templates are.</summary>
public sealed record TemplateOptions
{
    /// <summary>A folder of <c>*.sbn</c> files; default <c>templates</c>. What is missing there comes from the copies inside the program.</summary>
    public string Path { get; init; } = "templates";
}
