using System.Reflection;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Reads templates by relative name with forward slashes (<c>finance/defect.created.sbn</c>).</summary>
public static class TemplateFiles
{
    internal const string Extension = ".sbn";

    private const string ResourcePrefix = "templates/";

    /// <summary>The shipped templates, which are embedded in the program.</summary>
    public static IEnumerable<(string Name, string Text)> ReadShipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(ResourcePrefix, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[ResourcePrefix.Length..].Replace('\\', '/'), reader.ReadToEnd());
        }
    }

    /// <summary>
    /// The templates in a folder and in the folders of sets and platforms below it; a null text for a file that cannot be read.
    /// Empty when the folder does not exist.
    /// </summary>
    internal static IEnumerable<(string Name, string? Text)> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 };
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension, options))
            yield return (Path.GetRelativePath(folder, file).Replace('\\', '/'), TryRead(file));
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
