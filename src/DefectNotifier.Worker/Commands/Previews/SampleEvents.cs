using DefectNotifier.Events;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Sample webhooks, named by their events: the life of one defect in project WEB.</summary>
internal static class SampleEvents
{
    private const string Prefix = "samples/";
    private const string Updated = "defect.updated";

    public static IReadOnlyList<string> Names { get; } = ["defect.created", Updated, "defect.resolved", "defect.deleted"];

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
        return After(WebhookParser.Parse(body, read.Source).Event!, body, read);
    }

    /// <summary>The defect of an event after a later one: a sample with this name.</summary>
    public static Defect DefectAfter(DefectEvent opening, string later) =>
        After(opening, body: default, WebhookParser.Parse(TryRead(later)!, opening.Source).Event!);

    private static Defect After(DefectEvent opening, ReadOnlyMemory<byte> body, DefectEvent read)
    {
        var at = opening.OccurredAt ?? read.OccurredAt ?? DateTimeOffset.UnixEpoch;
        var before = Defect.After(before: null, opening, "opening", at, body);
        var after = Defect.After(before, read, "now", at, body: default);
        if (!string.Equals(read.Name, Updated, StringComparison.OrdinalIgnoreCase)) return after;
        // The webhook has only an id; Qase's API reports what changed.
        var since = read.OccurredAt ?? at;
        return after.With(new DefectDetails { Status = DefectStatus.InProgress, UpdatedAt = since, AskedAt = since });
    }
}
