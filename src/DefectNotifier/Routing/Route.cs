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
    public bool Takes(DefectEvent defectEvent) => TakesProject(defectEvent) && TakesName(defectEvent) && TakesSeverity(defectEvent);

    /// <summary>True when <c>ProjectCodes</c> matches.</summary>
    public bool TakesProject(DefectEvent defectEvent) => _projectCodes.Length == 0 || Any(_projectCodes, defectEvent.ProjectCode);

    /// <summary>True when <c>Events</c> matches.</summary>
    public bool TakesName(DefectEvent defectEvent) => _events.Length == 0 || Any(_events, defectEvent.Name);

    /// <summary>True when <c>Severities</c> and <c>MinSeverity</c> match.</summary>
    public bool TakesSeverity(DefectEvent defectEvent) =>
        (_severities.Length == 0 || IsListed(defectEvent)) && (_minSeverity is null || IsSevere(defectEvent, _minSeverity));

    /// <summary>Each matcher of the route, in the order in which they are evaluated; empty when it has none.</summary>
    /// <param name="defectEvent">The event, with the severity that counts for it.</param>
    /// <param name="isRemembered">True when the severity is that of the defect's earlier events.</param>
    public IReadOnlyList<RouteTest> Test(DefectEvent defectEvent, bool isRemembered = false)
    {
        List<RouteTest> tests = [];
        if (_projectCodes.Length > 0)
            tests.Add(TestOf(nameof(RouteOptions.ProjectCodes), "project code", _projectCodes, defectEvent.ProjectCode));
        if (_events.Length > 0) tests.Add(TestOf(nameof(RouteOptions.Events), "event", _events, defectEvent.Name));
        var severity = $"severity {SeverityOf(defectEvent, isRemembered)}";
        if (_severities.Length > 0)
        {
            var isListed = IsListed(defectEvent);
            var text = $"{severity} is {(isListed ? "one" : "none")} of {List(_severities)}";
            tests.Add(new RouteTest(nameof(RouteOptions.Severities), text, isListed));
        }

        if (_minSeverity is not null)
        {
            var isSevere = IsSevere(defectEvent, _minSeverity);
            var text = $"{severity} is {(isSevere ? "" : "not ")}{_minSeverity.Slug} or worse";
            tests.Add(new RouteTest(nameof(RouteOptions.MinSeverity), text, isSevere));
        }

        return tests;
    }

    private static RouteTest TestOf(string key, string what, Glob[] globs, string? text) => First(globs, text) is { } glob
        ? new RouteTest(key, $"{what} {Quote(text)} matches {glob}", Passed: true)
        : new RouteTest(key, $"{what} {Quote(text)} matches none of {List(globs)}", Passed: false);

    private bool IsListed(DefectEvent defectEvent) => _severities.Contains(defectEvent.Severity?.Slug, StringComparer.OrdinalIgnoreCase);

    private static bool IsSevere(DefectEvent defectEvent, Severity min) => defectEvent.Severity?.Rank <= min.Rank;

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
}
