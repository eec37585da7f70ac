namespace DefectNotifier.Routing;

/// <summary>One entry of <c>Routes</c> in the configuration. An empty list matches everything.</summary>
public sealed record RouteOptions
{
    /// <summary>Case-insensitive globs on the project code.</summary>
    public IReadOnlyList<string> ProjectCodes { get; init; } = [];

    /// <summary>Case-insensitive globs on the event name, for example <c>defect.*</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Severities by slug or label. An event without a severity matches none.</summary>
    public IReadOnlyList<string> Severities { get; init; } = [];

    /// <summary>
    /// The lowest severity that matches: <c>major</c> matches blocker, critical and major. An event without a severity does not match.
    /// </summary>
    public string? MinSeverity { get; init; }

    /// <summary>Names of destinations; at least one.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>True: later routes are evaluated too. Default false: the first match wins.</summary>
    public bool Continue { get; init; }

    /// <summary>The template set to use first; null for the default templates.</summary>
    public string? TemplateSet { get; init; }

    /// <summary>How long a delivery may be retried before it is given up; null for <c>Delivery:MaxAge</c>.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The destination that is notified of deliveries that were given up or wait too long; null for none.</summary>
    public string? Fallback { get; init; }

    /// <summary>How long a delivery may wait before <see cref="Fallback"/> is notified; default 1 hour.</summary>
    public TimeSpan FallbackAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How the destinations show a defect, if they can edit messages and have threads; default: one message, updated in place, with a
    /// thread.
    /// </summary>
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies in a thread are also shown in the channel; default none.</summary>
    public BroadcastWhen Broadcast { get; init; }
}
