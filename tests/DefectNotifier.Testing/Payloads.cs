namespace DefectNotifier.Testing;

/// <summary>The sample webhooks of this assembly, by name: <c>defect/created.json</c>.</summary>
public static class Payloads
{
    private const string Prefix = "payloads/";

    /// <summary>All names, in a fixed order.</summary>
    public static IEnumerable<string> Names => typeof(Payloads).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..].Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public static string ReadText(string name) => System.Text.Encoding.UTF8.GetString(Read(name));

    public static byte[] Read(string name)
    {
        using var resource = typeof(Payloads).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new ArgumentException($"There is no sample '{name}'.", nameof(name));
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
