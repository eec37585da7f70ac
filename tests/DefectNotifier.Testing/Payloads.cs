namespace DefectNotifier.Testing;

/// <summary>
/// The samples in this assembly, by name: webhooks (<c>defect/created.json</c>) and API responses (<c>api/defect-200.json</c>).
/// </summary>
public static class Payloads
{
    private const string Prefix = "payloads/";

    /// <summary>The names of Qase's webhooks, sorted.</summary>
    public static IEnumerable<string> Names => All.Where(name => !IsNotice(name) && !name.StartsWith("api/", StringComparison.Ordinal));

    /// <summary>The names of the service's own notices.</summary>
    public static IEnumerable<string> Notices => All.Where(IsNotice);

    private static IEnumerable<string> All => typeof(Payloads).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..].Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    private static bool IsNotice(string name) => name.StartsWith("notifier/", StringComparison.Ordinal);

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
