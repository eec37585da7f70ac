using System.Reflection;

namespace DefectNotifier.Testing;

/// <summary>Sample webhook bodies as Qase sends them, by name: <c>defect/created.json</c>.</summary>
public static class Payloads
{
    private const string Prefix = "payloads/";

    private static readonly Assembly Home = typeof(Payloads).Assembly;

    /// <summary>All of them, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Home.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..].Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string name)
    {
        using var stream = Home.GetManifestResourceStream(Prefix + name) ?? throw new ArgumentException($"There is no sample '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
