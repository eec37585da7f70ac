using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Worker.Linting;

/// <summary>A place in a template in the form that editors and CI systems recognise.</summary>
internal static class TemplatePlace
{
    /// <param name="folder">The folder of the templates.</param>
    /// <param name="file">The template's name; a built-in template has no folder.</param>
    /// <param name="line">From 1; 0: the whole file.</param>
    /// <param name="column">From 1.</param>
    public static string Of(string folder, string file, int line, int column)
    {
        var path = file.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal) ? file : Path.Combine(folder, file);
        return line == 0 ? path : $"{path}:{line}:{column}";
    }
}
