using DefectNotifier.Events;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Sample webhooks, named by their events: the life of one defect in project WEB.</summary>
internal static class SampleEvents
{
    private const string Prefix = "samples/";

    public static IReadOnlyList<string> Names { get; } = ["defect.created", "defect.updated", "defect.resolved", "defect.deleted"];

    /// <summary>The body of the webhook; null when there is no sample with this name.</summary>
    public static byte[]? TryRead(string name)
    {
        if (Names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is not { } found) return null;
        using var resource = typeof(SampleEvents).Assembly.GetManifestResourceStream($"{Prefix}{found}.json")!;
        using var body = new MemoryStream();
        resource.CopyTo(body);
        return body.ToArray();
    }

    /// <summary>
    /// What the service would have stored about the samples' defect, which was created before. Null for the created event and for other
    /// events: then only the event is known.
    /// </summary>
    public static Defect? DefectOf(string? name, DefectEvent read)
    {
        if (!Names.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase)) return null;
        var body = TryRead(Names[0])!;
        var created = WebhookParser.Parse(body, read.Source).Event!;
        var before = Defect.After(before: null, created, "created", created.OccurredAt!.Value, body);
        return Defect.After(before, read, "now", created.OccurredAt.Value, body: default);
    }
}
