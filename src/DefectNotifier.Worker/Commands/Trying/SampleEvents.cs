namespace DefectNotifier.Worker.Commands.Trying;

/// <summary>Webhooks to try things with, by the names of their events: one defect's life in project WEB.</summary>
internal static class SampleEvents
{
    private const string Prefix = "samples/";

    public static IReadOnlyList<string> Names { get; } = ["defect.created", "defect.updated", "defect.resolved", "defect.deleted"];

    /// <summary>The webhook's body; null when there is none of this name.</summary>
    public static byte[]? TryRead(string name)
    {
        if (Names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is not { } found) return null;
        using var resource = typeof(SampleEvents).Assembly.GetManifestResourceStream($"{Prefix}{found}.json")!;
        using var body = new MemoryStream();
        resource.CopyTo(body);
        return body.ToArray();
    }
}
