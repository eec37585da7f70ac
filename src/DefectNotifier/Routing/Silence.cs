using System.Text.Json.Serialization;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>
/// Defers or discards the messages of matching events for a while; has an author, a reason and an end. An event must match all matchers;
/// an empty list matches everything. Immutable.
/// </summary>
public sealed record Silence
{
    /// <summary>Its number; grows with each silence, from 1.</summary>
    public long Id { get; init; }

    /// <summary>Globs on the project code, as in <see cref="RouteOptions"/>.</summary>
    public IReadOnlyList<string> ProjectCodes { get; init; } = [];

    /// <summary>Globs on the event name, as in <see cref="RouteOptions"/>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Severities by slug or label, as in <see cref="RouteOptions"/>.</summary>
    public IReadOnlyList<string> Severities { get; init; } = [];

    /// <summary>The mildest severity that matches, as in <see cref="RouteOptions"/>; null: all.</summary>
    public string? MinSeverity { get; init; }

    /// <summary>Globs on the title, without regard to case. An event without a title is matched by the title of its defect.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];

    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends. Deferred messages are sent then.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>The reason.</summary>
    public required string Why { get; init; }

    /// <summary>True: what it matches is discarded. False: it is deferred.</summary>
    public bool IsDiscarding { get; init; }

    /// <summary>When it last matched an event; null: never.</summary>
    public DateTimeOffset? MatchedAt { get; init; }

    /// <summary>How many events it has matched.</summary>
    public long MatchCount { get; init; }

    /// <summary>True when it matches every event.</summary>
    [JsonIgnore]
    public bool HasNoMatcher =>
        ProjectCodes.Count + Events.Count + Severities.Count + Titles.Count == 0 && MinSeverity is null;

    /// <summary>True from its start until its end.</summary>
    public bool IsActive(DateTimeOffset at) => StartsAt <= at && at < EndsAt;

    /// <param name="asked">The event, with the severity and title that count for it.</param>
    public bool Takes(DefectEvent asked)
    {
        var route = new Route(new RouteOptions
        {
            ProjectCodes = ProjectCodes,
            Events = Events,
            Severities = Severities,
            MinSeverity = MinSeverity,
        });
        return route.Takes(asked)
            && (Titles.Count == 0 || (asked.Title?.Trim() is { } title && Titles.Any(pattern => new Glob(pattern).IsMatch(title))));
    }
}
