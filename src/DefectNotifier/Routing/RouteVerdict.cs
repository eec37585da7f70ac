namespace DefectNotifier.Routing;

/// <summary>Whether one route matched one event.</summary>
/// <param name="Route">The route's index in the table, from 0.</param>
/// <param name="Matched">True when it matched.</param>
/// <param name="Reason">Why, in a sentence for the author of the routes.</param>
public sealed record RouteVerdict(int Route, bool Matched, string Reason)
{
    /// <summary>False when an earlier route matched and does not continue.</summary>
    public bool Evaluated { get; init; } = true;

    /// <summary>Each matcher of the route; empty when it has none, and when it was not evaluated.</summary>
    public IReadOnlyList<RouteTest> Tests { get; init; } = [];

    /// <summary>The verdict of a route that was evaluated: all of its matchers must match.</summary>
    public static RouteVerdict Of(int route, IReadOnlyList<RouteTest> tests)
    {
        var failed = tests.FirstOrDefault(test => !test.Passed);
        var reason = failed?.Text ?? (tests.Count == 0 ? "takes every event" : string.Join(", ", tests.Select(test => test.Text)));
        return new RouteVerdict(route, failed is null, reason) { Tests = tests };
    }
}

/// <summary>Whether one matcher of a route matched.</summary>
/// <param name="Key">Its key in the settings, for example <c>ProjectCodes</c>.</param>
/// <param name="Text">What was compared, for example <c>project code 'SHOP' matches SHOP*</c>.</param>
/// <param name="Passed">True when it matched.</param>
public sealed record RouteTest(string Key, string Text, bool Passed);
