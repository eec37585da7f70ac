namespace DefectNotifier.Routing;

/// <summary>One entry of <c>Routes</c> as the configuration has it. An empty list matches everything.</summary>
public sealed record RouteOptions
{
    /// <summary>Globs on the project code, without regard to case.</summary>
    public IReadOnlyList<string> ProjectCodes { get; init; } = [];

    /// <summary>Globs on the event name, without regard to case; for example <c>defect.*</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>
    /// Severities by slug or label. For an event without a severity, the severity of its defect's earlier events is used; without that,
    /// nothing matches.
    /// </summary>
    public IReadOnlyList<string> Severities { get; init; } = [];

    /// <summary>
    /// The mildest severity that matches; <c>major</c> takes blocker, critical and major. For an event without a severity, the severity of
    /// its defect's earlier events is used; without that, the route does not match.
    /// </summary>
    public string? MinSeverity { get; init; }

    /// <summary>Names of destinations; at least one.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>True: later routes are evaluated too. Default false: the first match wins.</summary>
    public bool Continue { get; init; }

    /// <summary>
    /// True: a destination of this route in which a defect was announced receives every later event of that defect, even when no route
    /// matches it. An event that <see cref="Events"/> does not match only updates the existing message. Default true.
    /// </summary>
    public bool Follow { get; init; } = true;

    /// <summary>The template set to look into first; null: the common templates.</summary>
    public string? TemplateSet { get; init; }

    /// <summary>How long a delivery may fail before it is given up; null: <c>Delivery:MaxAge</c>.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The destination that is notified of deliveries that were given up or wait too long; null: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>How long a delivery may wait before <see cref="Fallback"/> is notified; default 1 hour.</summary>
    public TimeSpan FallbackAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How the destinations show a defect, where they can change messages and have threads; default: one message, kept up to date, with a
    /// thread.
    /// </summary>
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies in a thread are shown in the channel too; default: none.</summary>
    public BroadcastWhen Broadcast { get; init; }

    /// <summary>False: a storm does not combine its messages into digests. Default true.</summary>
    public bool Digest { get; init; } = true;

    /// <summary>
    /// <c>Repeats:Within</c>: how long a new defect with the title of an earlier one joins the message of that one, where messages have
    /// threads; null: each defect has a message of its own.
    /// </summary>
    public TimeSpan? RepeatWithin { get; init; }

    /// <summary>When its messages are deferred; empty: never.</summary>
    public IReadOnlyList<QuietHoursOptions> QuietHours { get; init; } = [];
}
