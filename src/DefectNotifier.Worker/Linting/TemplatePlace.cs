namespace DefectNotifier.Worker.Linting;

/// <summary>A place in a template, as editors and CI understand it.</summary>
internal static class TemplatePlace
{
    /// <param name="folder">Where the templates are.</param>
    /// <param name="file">The template's name; the program's own copies lie in no folder.</param>
    /// <param name="line">From 1; 0: the whole file.</param>
    /// <param name="column">From 1.</param>
    public static string Of(string folder, string file, int line, int column)
    {
        var path = file.StartsWith("built-in:", StringComparison.Ordinal) ? file : Path.Combine(folder, file);
        return line == 0 ? path : $"{path}:{line}:{column}";
    }
}
