using System.Reflection;
using DefectNotifier.Files;

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

    /// <summary>Why the path is not a folder that can be opened; continues a sentence about it. Null: it is one.</summary>
    public static string? ProblemOf(string folder)
    {
        try
        {
            using var target = FileTarget.Of(folder);
            return target.Kind == FileKind.Folder ? null : "is not a folder";
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }
}
