using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Worker.Linting;

/// <summary>A place in a template in the form that editors and CI systems recognise.</summary>
internal static class TemplatePlace
{
    /// <summary>Line 0 is the whole file. A built-in template has no folder.</summary>
    public static string Of(string folder, string file, int line, int column)
    {
        var path = file.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal) ? file : Path.Combine(folder, file);
        return line == 0 ? path : $"{path}:{line}:{column}";
    }
}
