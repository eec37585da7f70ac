using System.Reflection;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The folder of the repository.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = typeof(RepositoryRoot).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(entry => entry.Key == "Repository").Value!;
}
