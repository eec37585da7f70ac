using DefectNotifier.Events;

namespace DefectNotifier.Worker.Commands.Previews;

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

    /// <summary>What a service knows of the samples' defect when one of them comes: it was created before. Null for any other event: then it knows what that says.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="read">What was made of it.</param>
    public static Defect? DefectOf(string? name, DefectEvent read)
    {
        if (!Names.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase)) return null;
        var body = TryRead(Names[0])!;
        var created = WebhookParser.Parse(body, read.Source).Event!;
        var before = Defect.After(before: null, created, "created", created.OccurredAt!.Value, body);
        return Defect.After(before, read, "now", created.OccurredAt.Value, body: default);
    }
}
