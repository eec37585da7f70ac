using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

/// <summary>Events whose time cannot be right.</summary>
public sealed class ImpossibleTimeTests
{
    private static readonly DateTimeOffset Arrival = DateTimeOffset.FromUnixTimeSeconds(1_767_603_600);

    public static TheoryData<string, DateTimeOffset?> Times { get; } = new()
    {
        { "99999999999", null },
        { "253402300799999", null },
        { "\"9999-12-31T23:59:59Z\"", null },
        { "1767603901", null },
        { "-1", null },
        { "0", null },
        { "-99999999999", null },
        { "1e300", null },
        { "\"soon\"", null },
        { "1767603900", Arrival.AddMinutes(5) },
        { "1767603600", Arrival },
        { "1", DateTimeOffset.FromUnixTimeSeconds(1) },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void PossibleTime_TimeOfTheEnvelope_IsAtMostFiveMinutesAfterTheArrival(string timestamp, DateTimeOffset? expected) =>
        Assert.Equal(expected, Event("defect.updated", timestamp, "a").PossibleTime(Arrival));

    [Theory]
    [InlineData("99999999999")]
    [InlineData("1767690000")]
    [InlineData("-1")]
    public void After_TimeThatIsNotPossible_DoesNotWinOverLaterEvents(string timestamp)
    {
        var forged = After(null, Event("defect.resolved", timestamp, "forged"), Arrival);
        var real = After(forged, Event("defect.updated", "1767603610", "real", "in_progress"), Arrival.AddSeconds(11));
        var deleted = After(real, Event("defect.deleted", "1767603620", null), Arrival.AddSeconds(21));

        Assert.Equal(("forged", "resolved"), (forged.Title, forged.Status));
        Assert.Equal(Arrival, forged.LastResolved!.At);
        Assert.Equal(("real", "in_progress"), (real.Title, real.Status));
        Assert.Equal("deleted", deleted.Status);
        Assert.Equal(["defect.resolved", "defect.updated", "defect.deleted"], deleted.History.Select(entry => entry.Event));
    }

    // A clock that is a few seconds ahead keeps the order of the events, in whatever order they arrive.
    [Fact]
    public void After_ClockAFewSecondsAhead_KeepsTheOrder()
    {
        var created = Event("defect.created", "1767603602", "first");
        var updated = Event("defect.updated", "1767603603", "second");

        Assert.Equal("second", After(After(null, created, Arrival), updated, Arrival.AddSeconds(1)).Title);
        Assert.Equal("second", After(After(null, updated, Arrival), created, Arrival.AddSeconds(1)).Title);
    }

    [Fact]
    public void After_TimeLongAgo_LosesAgainstEventsThatAreKnown()
    {
        var known = After(null, Event("defect.updated", "1767603600", "known", "in_progress"), Arrival);

        var old = After(known, Event("defect.updated", "1", "old", "open"), Arrival.AddSeconds(5));

        Assert.Equal(("known", "in_progress"), (old.Title, old.Status));
        Assert.Equal(Arrival, old.Updated!.At);
    }

    [Fact]
    public void With_DetailsWithATimeThatIsNotPossible_DoNotWinOverLaterEvents()
    {
        var details = new DefectDetails
        {
            Title = "of the API",
            CreatedAt = Arrival,
            UpdatedAt = DateTimeOffset.MaxValue,
            ResolvedAt = Arrival.AddYears(1),
            AskedAt = Arrival,
        };
        Assert.Equal(Arrival, details.Since.At);

        var known = After(null, Event("defect.updated", "1767603500", "before"), Arrival).With(details);
        var updated = After(known, Event("defect.updated", "1767603660", "after"), Arrival.AddMinutes(1));

        Assert.Equal(("of the API", "after"), (known.Title, updated.Title));
    }

    // A repeat arrives later: the key must not depend on the arrival, although the time of the event does.
    [Theory]
    [InlineData("99999999999")]
    [InlineData("1767690000")]
    [InlineData("1767603600")]
    [InlineData("1")]
    public void Of_RepeatThatArrivesLater_HasTheSameKey(string timestamp)
    {
        var repeated = Event("defect.updated", timestamp, "a");

        Assert.Equal(DedupKey.Of(repeated, Arrival).ToArray(), DedupKey.Of(repeated, Arrival.AddHours(30)).ToArray());
    }

    private static DefectEvent Event(string name, string timestamp, string? title, string? status = null) => Webhook.Read(
        $$"""{ "event_name": "{{name}}", "timestamp": {{timestamp}}, "payload": { "id": 73 }, "project_code": "WEB" }""") with
    {
        Title = title,
        Status = status,
    };

    private static Defect After(Defect? before, DefectEvent defectEvent, DateTimeOffset receivedAt) =>
        Defect.After(before, defectEvent, $"event-{receivedAt.ToUnixTimeSeconds()}", receivedAt, body: default);
}
