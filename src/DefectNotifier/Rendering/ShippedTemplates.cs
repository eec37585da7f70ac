namespace DefectNotifier.Rendering;

/// <summary>The templates that the program brings along.</summary>
public static class ShippedTemplates
{
    /// <summary>Each with its relative name, forward slashes in it (<c>defect.created.sbn</c>), and its text.</summary>
    public static IEnumerable<(string Name, string Text)> Read() => TemplateFiles.ReadEmbedded();
}
