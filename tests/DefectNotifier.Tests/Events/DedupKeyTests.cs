using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class DedupKeyTests
{
    private static readonly DateTimeOffset Arrival = Some.Moment;

    [Fact]
    public void Of_SameWebhookWrittenDifferently_SameKey()
    {
        var key = KeyOf("""{"event_name":"defect.created","timestamp":1650532563,"payload":{"id":73,"title":"a"},"project_code":"WEB"}""");

        Assert.Equal(
            key,
            KeyOf("""
                {
                  "project_code": "web",
                  "payload": { "title": "\u0061", "id": 73.0 },
                  "timestamp": "1650532563000",
                  "event_name": "Defect.Created"
                }
                """));
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
        { "payload", Some.DefectEvent with { Payload = JsonElement.Parse("{}") } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_OnePartDiffers_OtherKey(string part, DefectEvent other) =>
        Assert.False(KeyOf(Some.DefectEvent).Equals(KeyOf(other), StringComparison.Ordinal), part);

    [Fact]
    public void Of_OnlyOtherThingsDiffer_SameKey()
    {
        var other = Some.DefectEvent with { TeamMemberId = 1, OccurredAt = Some.DefectEvent.OccurredAt!.Value.AddMilliseconds(400) };

        Assert.Equal(KeyOf(Some.DefectEvent), KeyOf(other, Arrival.AddDays(1)));
    }

    [Fact]
    public void Of_TwoCommentsInOneSecond_OtherKey() => Assert.NotEqual(
        KeyOf("""{"event_name":"review.commented","timestamp":1650532563,"payload":{"id":5,"comment":"yes"}}"""),
        KeyOf("""{"event_name":"review.commented","timestamp":1650532563,"payload":{"id":5,"comment":"no"}}"""));

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1.5", "1.500")]
    [InlineData("\"a/b\"", "\"a\\/\\u0062\"")]
    [InlineData("{\"a\":1,\"b\":[2]}", "{ \"b\" : [ 2 ] ,\r\n\t\"\\u0061\" : 1 }")]
    // The last member of a name counts, as for JsonElement.GetProperty.
    [InlineData("{\"a\":2}", "{\"a\":1,\"a\":2}")]
    public void Of_PayloadValueWrittenDifferently_SameKey(string value, string same) =>
        Assert.Equal(KeyOfPayload(value), KeyOfPayload(same));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "-1")]
    [InlineData("1", "10")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("0.1", "0.10000000000000000000000000000000000000000001")]
    [InlineData("1e400", "1e401")]
    [InlineData("null", "\"null\"")]
    [InlineData("null", "false")]
    [InlineData("[]", "{}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[[1],2]", "[[1,2]]")]
    [InlineData("{\"a\":1}", "{\"A\":1}")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":null}")]
    [InlineData("{\"a\":{\"b\":1},\"c\":2}", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("\"a\"", "\"a \"")]
    [InlineData("{\"a\":1}", "{\"a\":2,\"a\":1,\"a\":3}")]
    public void Of_OtherPayloadValue_OtherKey(string value, string other) => Assert.NotEqual(KeyOfPayload(value), KeyOfPayload(other));

    [Fact]
    public void Of_PartsWithTheSameConcatenation_OtherKey()
    {
        Assert.NotEqual(
            KeyOf(Some.DefectEvent with { Source = "ab", ProjectCode = "C" }),
            KeyOf(Some.DefectEvent with { Source = "a", ProjectCode = "bC" }));
        Assert.NotEqual(
            KeyOf(Some.DefectEvent with { ProjectCode = "" }),
            KeyOf(Some.DefectEvent with { ProjectCode = null }));
    }

    // Webhooks that were stored before an upgrade must still be recognized after it.
    [Fact]
    public void Of_KnownEvent_KeyOfEarlierVersions() => Assert.Equal(
        "695B7D9090F36A152FF58D353AE07BC26F7816D8",
        KeyOf("""
            {
              "event_name": "defect.CREATED",
              "timestamp": 1767603600,
              "payload": { "id": 42, "title": "é", "tags": ["a", null, true, 1.50] },
              "project_code": "web"
            }
            """));

    [Fact]
    public void Of_NoTimestamp_TenMinutesOfArrivalCount()
    {
        var untimed = Some.DefectEvent with { OccurredAt = null };
        var tenMinutes = DateTimeOffset.FromUnixTimeSeconds(Arrival.ToUnixTimeSeconds() / 600 * 600);

        Assert.Equal(KeyOf(untimed, tenMinutes), KeyOf(untimed, tenMinutes.AddSeconds(599)));
        Assert.NotEqual(KeyOf(untimed, tenMinutes), KeyOf(untimed, tenMinutes.AddSeconds(600)));
        Assert.NotEqual(KeyOf(untimed, tenMinutes), KeyOf(untimed with { Payload = JsonElement.Parse("{}") }, tenMinutes));
        Assert.NotEqual(KeyOf(untimed, tenMinutes), KeyOf(untimed with { OccurredAt = tenMinutes }, tenMinutes));
    }

    // Shared steps have a hash in place of an id.
    [Fact]
    public void Of_NoSubject_PayloadCounts()
    {
        var payload = JsonElement.Parse("""{"hash":"a"}""");
        var step = Some.DefectEvent with { Name = "shared_step.updated", SubjectId = null, Payload = payload };

        Assert.NotEqual(KeyOf(step), KeyOf(step with { Payload = JsonElement.Parse("""{"hash":"b"}""") }));
        Assert.Equal(KeyOf(step), KeyOf(step, Arrival.AddDays(1)));
    }

    [Fact]
    public void Of_LargestAndDeepestPayload_HasAKey()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        var large = $"[{string.Join(',', Enumerable.Repeat("1", 500_000))}]";

        Assert.NotEqual(KeyOfPayload(deep), KeyOfPayload(deep.Replace('1', '2')));
        Assert.NotEqual(KeyOfPayload(large), KeyOfPayload(large.Replace("1]", "2]", StringComparison.Ordinal)));
    }

    [Fact]
    public void OfNotice_OtherTextOrSecond_OtherKey()
    {
        var key = DedupKey.OfNotice("notifier.parked/web", Arrival);

        Assert.Equal(DedupKey.Length, key.Length);
        Assert.Equal(key.ToArray(), DedupKey.OfNotice("notifier.parked/web", Arrival).ToArray());
        Assert.NotEqual(key.ToArray(), DedupKey.OfNotice("notifier.parked/mobile", Arrival).ToArray());
        Assert.NotEqual(key.ToArray(), DedupKey.OfNotice("notifier.parked/web", Arrival.AddSeconds(1)).ToArray());
    }

    private static string KeyOf(string body) => KeyOf(Webhook.Read(body));

    private static string KeyOfPayload(string value) =>
        KeyOf(Some.DefectEvent with { Payload = JsonElement.Parse($$"""{"value":{{value}}}""") });

    private static string KeyOf(DefectEvent defectEvent, DateTimeOffset? receivedAt = null) =>
        Convert.ToHexString(DedupKey.Of(defectEvent, receivedAt ?? Arrival).Span);
}
