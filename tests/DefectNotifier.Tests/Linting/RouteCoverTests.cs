using System.Text.Json;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Tests.Linting;

public sealed class RouteCoverTests
{
    private static readonly string?[] Severities =
        [null, "undefined", "blocker", "critical", "major", "normal", "minor", "trivial", "our own"];

    // Every project code, event name and severity that the generated routes can distinguish.
    private static readonly DefectEvent[] Events =
    [
        .. from code in Texts(3).Prepend(null)
           from name in Texts(3)
           from severity in Severities
           select new DefectEvent
           {
               Source = "",
               Name = name,
               ProjectCode = code,
               Severity = Severity.Parse(severity),
               Payload = JsonElement.Parse("{}"u8),
           },
    ];

    private static readonly Gen<RouteOptions> AnyRoute = Gen.Select(
        OneOf<string[]>([], ["a"], ["*"], ["a*"], ["?"], ["a", "b*"], ["??"], ["A?"]),
        OneOf<string[]>([], ["a"], ["*"], ["*b"], ["?", "a*"], ["ab"], ["??", "?"]),
        OneOf<string[]>([], ["major"], ["undefined"], ["blocker", "Critical"], ["minor", "trivial"]),
        OneOf<string?>(null, "major", "trivial", "blocker"),
        (codes, names, severities, minSeverity) => new RouteOptions
        {
            ProjectCodes = codes,
            Events = names,
            Severities = severities,
            MinSeverity = minSeverity,
            To = ["x"],
        });

    [Fact]
    public void Covers_AnyTwoRoutes_AgreesWithMatchingEveryEvent() => Gen.Select(AnyRoute, AnyRoute).Sample((earlier, later) =>
    {
        var (wide, narrow) = (new Route(earlier), new Route(later));

        // A route that no severity matches is reported as never-matches.
        if (RouteCover.HasNoSeverity(later)) return Events.All(one => !narrow.Takes(one));
        var isCovered = Events.All(one => !narrow.Takes(one) || wide.Takes(one));
        return RouteCover.Covers(earlier, later) == isCovered;
    }, iter: PropertyCases.Of(500));

    [Theory]
    [InlineData("defect.created", true)]
    // The severity may be known from earlier events.
    [InlineData("defect.resolved", true)]
    [InlineData("case.created", false)]
    public void MayTake_RouteWithASeverity_IsTrueForEventsThatItNames(string name, bool expected) =>
        Assert.Equal(expected, RouteCover.MayTake(new RouteOptions { Events = ["defect.*"], MinSeverity = "major" }, name));

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    // All texts of up to this many letters; no route contains c.
    private static IEnumerable<string> Texts(int maxLength) =>
        maxLength == 0
            ? []
            : ((string[])["a", "B", "c"]).SelectMany(letter => Texts(maxLength - 1).Select(text => letter + text).Prepend(letter));
}
