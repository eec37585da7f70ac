using System.Text;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class DedupKeyTests
{
    private static readonly DateTimeOffset Arrival = Some.Moment;

    [Fact]
    public void Of_KeysInAnotherOrderAndOtherWhitespace_IsTheSame()
    {
        var key = KeyOf("""{"event_name":"defect.created","timestamp":1650532563,"payload":{"id":73,"title":"a"},"project_code":"WEB"}""");

        Assert.Equal(key, KeyOf("""{ "project_code": "web", "payload": { "title": "a", "id": "73" }, "timestamp": "1650532563000", "event_name": "Defect.Created" }"""));
        Assert.Equal(DedupKey.Length * 2, key.Length);
    }

    public static TheoryData<string, DefectEvent> Others => new()
    {
        { "source", Some.DefectEvent with { Source = "other" } },
        { "project", Some.DefectEvent with { ProjectCode = "SHOP" } },
        { "no project", Some.DefectEvent with { ProjectCode = null } },
        { "name", Some.DefectEvent with { Name = "defect.updated" } },
        { "subject", Some.DefectEvent with { SubjectId = 74 } },
        { "no subject", Some.DefectEvent with { SubjectId = null } },
        { "time", Some.DefectEvent with { OccurredAt = Some.DefectEvent.OccurredAt!.Value.AddSeconds(1) } },
        { "no time", Some.DefectEvent with { OccurredAt = null } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_OneOfTheFivePartsDiffers_IsAnother(string part, DefectEvent other) =>
        Assert.False(KeyOf(Some.DefectEvent, "body").Equals(KeyOf(other, "body"), StringComparison.Ordinal), part);

    [Fact]
    public void Of_WhatIsNotAPart_DoesNotMatter() =>
        Assert.Equal(KeyOf(Some.DefectEvent, "body"), KeyOf(Some.DefectEvent with { Title = "another", TeamMemberId = 1 }, "another body", Arrival.AddDays(1)));

    [Fact]
    public void Of_PartsThatReadTheSameTogether_Differ()
    {
        Assert.NotEqual(
            KeyOf(Some.DefectEvent with { Source = "ab", ProjectCode = "C" }, ""),
            KeyOf(Some.DefectEvent with { Source = "a", ProjectCode = "bC" }, ""));
        Assert.NotEqual(
            KeyOf(Some.DefectEvent with { ProjectCode = "" }, ""),
            KeyOf(Some.DefectEvent with { ProjectCode = null }, ""));
    }

    [Fact]
    public void Of_AnyTwoEvents_IsTheSameOnlyForTheSameParts()
    {
        var part = Gen.OneOf("", "A", "B", "AB", "\0", "\u0001A");
        var number = Gen.Long[0, 2].Select(value => value == 0 ? (long?)null : value);
        var parts = Gen.Select(part, part, part, number);

        Gen.Select(parts, parts).Sample(
            (left, right) => Assert.Equal(left == right, KeyOf(EventOf(left), "same body") == KeyOf(EventOf(right), "same body")),
            iter: 20_000);

        static DefectEvent EventOf((string Source, string Project, string Name, long? Id) of) =>
            Some.DefectEvent with { Source = of.Source, ProjectCode = of.Project, Name = of.Name.ToUpperInvariant(), SubjectId = of.Id };
    }

    [Fact]
    public void Of_AnEvent_IsWhatOtherVersionsStored() => Assert.Equal(
        // 1767603600 s, and what was the whole of it up to schema 7.
        "695B7D90" + "40D1902454837DBB0EFA48DB76A9050C",
        KeyOf(Some.DefectEvent with { Source = "", ProjectCode = "web", Name = "defect.CREATED", SubjectId = 42, OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(1767603600000) }, "any"));

    [Fact]
    public void Of_NoTimestamp_TheBodyAndTheTenMinutesOfArrivalTellEventsApart()
    {
        var untimed = Some.DefectEvent with { OccurredAt = null };
        var tenMinutes = DateTimeOffset.FromUnixTimeSeconds(Arrival.ToUnixTimeSeconds() / 600 * 600);

        Assert.Equal(KeyOf(untimed, "body", tenMinutes), KeyOf(untimed, "body", tenMinutes.AddSeconds(599)));
        Assert.NotEqual(KeyOf(untimed, "body", tenMinutes), KeyOf(untimed, "body", tenMinutes.AddSeconds(600)));
        Assert.NotEqual(KeyOf(untimed, "body", tenMinutes), KeyOf(untimed, "body 2", tenMinutes));
    }

    [Fact]
    public void Of_NoSubject_TheBodyTellsEventsApart()
    {
        var step = Some.DefectEvent with { Name = "shared_step.updated", SubjectId = null };

        Assert.NotEqual(KeyOf(step, """{"hash":"a"}"""), KeyOf(step, """{"hash":"b"}"""));
        Assert.Equal(KeyOf(step, """{"hash":"a"}"""), KeyOf(step, """{"hash":"a"}""", Arrival.AddDays(1)));
    }

    private static string KeyOf(string body) => KeyOf(Webhook.Read(body), body);

    private static string KeyOf(DefectEvent defectEvent, string body, DateTimeOffset? receivedAt = null) =>
        Convert.ToHexString(DedupKey.Of(defectEvent, Encoding.UTF8.GetBytes(body), receivedAt ?? Arrival).Span);
}
