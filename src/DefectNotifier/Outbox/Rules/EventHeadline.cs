using DefectNotifier.Events;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What identifies an event to a person. Only its body has it, and for most events of a defect only the stored defect.</summary>
/// <param name="Title">The event's title, else the one of its defect; null: neither is known.</param>
/// <param name="Severity">The event's severity, else the one of its defect, as a slug; null: neither is known.</param>
/// <param name="Actor">Who caused it, as messages say it; null: the event does not say.</param>
public sealed record EventHeadline(string? Title, string? Severity, string? Actor)
{
    /// <param name="body">The stored body. One that is no webhook has no title of its own.</param>
    /// <param name="source">The endpoint that received it.</param>
    /// <param name="findDefect">The stored state of its defect; null: none. Called only when the event lacks something.</param>
    /// <param name="findName">The name of a member of the workspace; null: not known.</param>
    public static EventHeadline Of(
        ReadOnlyMemory<byte> body, string source, Func<Defect?> findDefect, Func<long, string?> findName)
    {
        var parsed = WebhookParser.Parse(body, source).Event;
        var defect = parsed is { Title: not null, Severity: not null } ? null : findDefect();
        return new EventHeadline(
            parsed?.Title ?? defect?.Title,
            (parsed?.Severity ?? defect?.Severity)?.Slug,
            parsed?.TeamMemberId is { } id ? TeamMember.LabelOf(id, findName(id)) : null);
    }
}
