using System.Reflection;

namespace DefectNotifier.Tests;

/// <summary>Paths in this repository, for tests that read its files.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(
        entry => entry.Key == "Repository").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The C# files below a folder, without generated ones.</summary>
    public static IEnumerable<string> Sources(params string[] folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>The documents for users: the README and those in src/docs, without the one for developers.</summary>
    public static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(PathOf("src", "docs"), "*.md").Where(file => Path.GetFileName(file) != "ARCHITECTURE.md")
            .Append(PathOf("README.md"));

    /// <summary>Every Markdown file.</summary>
    public static IEnumerable<string> MarkdownFiles => Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Root, file).Split('/')
            .Any(part => part is "bin" or "obj" or "node_modules" || part[0] == '.'));
}
