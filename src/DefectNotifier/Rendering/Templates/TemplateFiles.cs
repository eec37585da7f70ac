using System.Reflection;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Reads template texts by relative name with forward slashes (<c>finance/defect.created.sbn</c>).</summary>
public static class TemplateFiles
{
    private const string Prefix = "templates/";
    private const string Extension = ".sbn";

    /// <summary>The copies inside the program.</summary>
    public static IEnumerable<(string Name, string Text)> ReadShipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[Prefix.Length..].Replace('\\', '/'), reader.ReadToEnd());
        }
    }

    /// <summary>
    /// The folder's templates: its own files, those of sets and platforms, and those of platforms in sets; null in place of a text that can't be read. Nothing
    /// when the folder is not there.
    /// </summary>
    internal static IEnumerable<(string Name, string? Text)> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }))
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
