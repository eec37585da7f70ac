using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>One route with its parsed matchers. Pure: the same event always gets the same verdict.</summary>
public sealed class Route
{
    private readonly Glob[] _projectCodes;
    private readonly Glob[] _events;
    private readonly string[] _severities;
    private readonly Severity? _minSeverity;
    private readonly RouteOptions _options;
    private readonly QuietHours _quietHours;

    /// <exception cref="ArgumentException">MinSeverity is not one of Qase's ranked severities.</exception>
    public Route(RouteOptions options)
    {
        _projectCodes = [.. options.ProjectCodes.Select(pattern => new Glob(pattern))];
        _events = [.. options.Events.Select(pattern => new Glob(pattern))];
        _severities = [.. options.Severities.Select(text => Severity.Parse(text)!.Slug)];
        _minSeverity = options.MinSeverity is null ? null : ParseMinSeverity(options.MinSeverity);
        To = options.To;
        Continue = options.Continue;
        _options = options;
        _quietHours = new QuietHours(options.QuietHours);
    }

    public IReadOnlyList<string> To { get; }

    public bool Continue { get; }

    /// <summary>True when a destination in which a defect was announced receives its later events too.</summary>
    public bool Follow => _options.Follow;

    /// <summary>The delivery of an event of this route to one of its destinations.</summary>
    /// <param name="destination">One of <see cref="To"/>.</param>
    /// <param name="index">This route's index in the table.</param>
    /// <param name="asked">The event, with the severity that counts for it.</param>
    /// <param name="at">When it was accepted; null: quiet hours do not count.</param>
    public PlannedDelivery Plan(string destination, int index, DefectEvent asked, DateTimeOffset? at) => new(
        destination, index, _options.TemplateSet)
    {
        MaxAge = _options.MaxAge,
        Fallback = _options.Fallback,
        FallbackAfter = _options.Fallback is null ? null : _options.FallbackAfter,
        MessageMode = _options.MessageMode,
        Broadcast = _options.Broadcast,
        RepeatWithin = _options.RepeatWithin,
        MayDigest = _options.Digest,
        Deferral = at is { } now && _quietHours.EndOf(now, asked.Severity) is { } end ? new Deferral(end) : null,
    };

    /// <summary>True when the event matches this route.</summary>
    public bool Takes(DefectEvent defectEvent) => FailingOf(defectEvent) is null;

    /// <summary>True when <c>ProjectCodes</c> matches.</summary>
    public bool TakesProject(DefectEvent defectEvent) => _projectCodes.Length == 0 || Any(_projectCodes, defectEvent.ProjectCode);

    /// <summary>True when <c>Events</c> matches.</summary>
    public bool TakesName(DefectEvent defectEvent) => _events.Length == 0 || Any(_events, defectEvent.Name);

    /// <summary>True when <c>Severities</c> and <c>MinSeverity</c> match.</summary>
    public bool TakesSeverity(DefectEvent defectEvent) => FailingSeverity(defectEvent) is null;

    /// <summary>Null when the event matches this route, else a sentence about the matcher that failed.</summary>
    /// <param name="defectEvent">The event, with the severity that counts for it.</param>
    /// <param name="isRemembered">True when the severity is that of the defect's earlier events.</param>
    public string? WhyNot(DefectEvent defectEvent, bool isRemembered = false) => FailingOf(defectEvent) switch
    {
        null => null,
        RouteMatcher.ProjectCodes => $"project code {Quote(defectEvent.ProjectCode)} matches none of {List(_projectCodes)}",
        RouteMatcher.Events => $"event {Quote(defectEvent.Name)} matches none of {List(_events)}",
        RouteMatcher.Severities => $"severity {SeverityOf(defectEvent, isRemembered)} is none of {List(_severities)}",
        _ => $"severity {SeverityOf(defectEvent, isRemembered)} is not {_minSeverity!.Slug} or worse",
    };

    /// <summary>For an event that matches this route: a sentence about each matcher.</summary>
    public string WhyMatched(DefectEvent defectEvent, bool isRemembered = false)
    {
        List<string> matches = [];
        if (_projectCodes.Length > 0)
            matches.Add($"project code {Quote(defectEvent.ProjectCode)} matches {First(_projectCodes, defectEvent.ProjectCode)}");
        if (_events.Length > 0) matches.Add($"event {Quote(defectEvent.Name)} matches {First(_events, defectEvent.Name)}");
        if (_severities.Length > 0) matches.Add($"severity {SeverityOf(defectEvent, isRemembered)} is one of {List(_severities)}");
        if (_minSeverity is not null) matches.Add($"severity {SeverityOf(defectEvent, isRemembered)} is {_minSeverity.Slug} or worse");
        return matches.Count == 0 ? "takes every event" : string.Join(", ", matches);
    }

    private RouteMatcher? FailingOf(DefectEvent defectEvent)
    {
        if (!TakesProject(defectEvent)) return RouteMatcher.ProjectCodes;
        return TakesName(defectEvent) ? FailingSeverity(defectEvent) : RouteMatcher.Events;
    }

    private RouteMatcher? FailingSeverity(DefectEvent defectEvent)
    {
        if (_severities.Length > 0 && !_severities.Contains(defectEvent.Severity?.Slug, StringComparer.OrdinalIgnoreCase))
            return RouteMatcher.Severities;
        return _minSeverity is not null && !(defectEvent.Severity?.Rank <= _minSeverity.Rank) ? RouteMatcher.MinSeverity : null;
    }

    private static Severity ParseMinSeverity(string text) =>
        Severity.TryParseKnown(text, out var severity) && severity.Rank is not null
            ? severity
            : throw new ArgumentException($"'{text}' is not one of blocker, critical, major, normal, minor, trivial.", nameof(text));

    private static bool Any(Glob[] globs, string? text) => First(globs, text) is not null;

    private static Glob? First(Glob[] globs, string? text) => text is null ? null : Array.Find(globs, glob => glob.IsMatch(text));

    private static string SeverityOf(DefectEvent defectEvent, bool isRemembered)
    {
        if (defectEvent.Severity is not { } severity) return "(none: neither this event nor an earlier one of the defect has one)";
        return Quote(severity.Slug) + (isRemembered ? " (from earlier events of the defect)" : "");
    }

    private static string Quote(string? text) => text is null ? "(none)" : $"'{text}'";

    private static string List<T>(T[] items) => "[" + string.Join(", ", items) + "]";

    /// <summary>The matchers of a route, in the order in which they are evaluated.</summary>
    private enum RouteMatcher
    {
        ProjectCodes,
        Events,
        Severities,
        MinSeverity,
    }
}
