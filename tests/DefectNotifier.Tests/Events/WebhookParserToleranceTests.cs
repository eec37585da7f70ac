using System.Text.Json;

namespace DefectNotifier.Tests.Events;

/// <summary>Every variation of a field's type that appears in Qase's documentation, its history or users' reports.</summary>
public sealed class WebhookParserToleranceTests
{
    [Theory]
    [InlineData("73", 73)]
    [InlineData("\"73\"", 73)]
    [InlineData("\" 73 \"", 73)]
    [InlineData("73.0", 73)]
    [InlineData("\"73.0\"", 73)]
    [InlineData("7.3e1", 73)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    public void Parse_DefectId_IsRead(string id, long expected) =>
        Assert.Equal(expected, Webhook.Read($$$"""{"event_name":"defect.resolved","payload":{"id":{{{id}}}}}""").SubjectId);

    [Theory]
    [InlineData("\"blocker\"", "blocker", "Blocker", 1)]
    [InlineData("\"BLOCKER\"", "blocker", "Blocker", 1)]
    [InlineData("\" Critical \"", "critical", "Critical", 2)]
    [InlineData("\"blocked\"", "blocker", "Blocker", 1)]
    [InlineData("\"Not set\"", "undefined", "Not set", null)]
    [InlineData("\"undefined\"", "undefined", "Not set", null)]
    [InlineData("0", "undefined", "Not set", null)]
    [InlineData("1", "blocker", "Blocker", 1)]
    [InlineData("6", "trivial", "Trivial", 6)]
    [InlineData("\"4\"", "normal", "Normal", 4)]
    [InlineData("7", "7", "7", null)]
    [InlineData("-1", "-1", "-1", null)]
    [InlineData("\"Showstopper\"", "showstopper", "Showstopper", null)]
    [InlineData("""{"id":3,"title":"Major","icon":"chevron-up","color":"major"}""", "major", "Major", 3)]
    [InlineData("""{"id":5}""", "minor", "Minor", 5)]
    [InlineData("""{"slug":"trivial","title":"Trivial"}""", "trivial", "Trivial", 6)]
    [InlineData("""{"value":"2"}""", "critical", "Critical", 2)]
    public void Parse_Severity_IsRead(string severity, string slug, string label, int? rank)
    {
        var read = Webhook.ReadPayload($"\"severity\":{severity}").Severity!;

        Assert.Equal((slug, label, rank), (read.Slug, read.Label, read.Rank));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"color":"red"}""")]
    public void Parse_EmptySeverity_Null(string severity) => Assert.Null(Webhook.ReadPayload($"\"severity\":{severity}").Severity);

    [Fact]
    public void Parse_NullOptionals_AreAbsent()
    {
        var read = Webhook.ReadPayload(
            "\"title\":null,\"severity\":null,\"actual_result\":null,\"attachments\":null,\"case_id\":null,\"step\":null,\"status\":null");

        Assert.Null(read.Title);
        Assert.Null(read.ActualResult);
        Assert.Null(read.CaseId);
        Assert.Null(read.Step);
        Assert.Null(read.Status);
        Assert.Empty(read.Attachments);
    }

    [Theory]
    [InlineData("\"title\":7", "7")]
    [InlineData("\"title\":true", "true")]
    [InlineData("\"title\":\" padded \"", " padded ")]
    [InlineData("\"title\":\"\"", null)]
    [InlineData("\"title\":\"\\u3000\\n\"", null)]
    [InlineData("\"title\":{\"text\":\"x\"}", null)]
    [InlineData("\"title\":[\"x\"]", null)]
    public void Parse_Title_IsTextOrAbsent(string title, string? expected) => Assert.Equal(expected, Webhook.ReadPayload(title).Title);

    [Theory]
    [InlineData("[1,2,3]", "1", "2", "3")]
    [InlineData("""["3f2a","9b"]""", "3f2a", "9b")]
    [InlineData("""[{"size":1,"mime":"image/png","filename":"a.png","url":"https://x.example/a.png"}]""", "a.png https://x.example/a.png")]
    [InlineData(
        """[{"hash":"9b"},{"id":5},{"url":"https://x.example/b"},{"name":"c"}]""",
        "9b", "5", "https://x.example/b https://x.example/b", "c")]
    [InlineData("""[null,"",{},[],"k"]""", "k")]
    [InlineData("""{"0":"a","2":{"filename":"b.png"}}""", "a", "b.png")]
    [InlineData("""{"filename":"a.png","url":"https://x.example/a.png"}""", "a.png https://x.example/a.png")]
    [InlineData("{}")]
    [InlineData("\"a.png\"", "a.png")]
    [InlineData("7", "7")]
    public void Parse_Attachments_UseTheBestName(string attachments, params string[] expected)
    {
        var read = Webhook.ReadPayload($"\"attachments\":{attachments}").Attachments;

        Assert.Equal(expected, read.Select(file => file.Url is null ? file.Name : $"{file.Name} {file.Url}"));
    }

    [Theory]
    [InlineData("1650532563", 1650532563000)]
    [InlineData("\"1650532563\"", 1650532563000)]
    [InlineData("1650532563.5", 1650532563500)]
    [InlineData("1650532563.0", 1650532563000)]
    [InlineData("1650532563123", 1650532563123)]
    [InlineData("\"1650532563123\"", 1650532563123)]
    [InlineData("\"2022-04-21T09:16:03Z\"", 1650532563000)]
    [InlineData("\"2022-04-21T11:16:03+02:00\"", 1650532563000)]
    [InlineData("\"2022-04-21T09:16:03.000000Z\"", 1650532563000)]
    [InlineData("\"2022-04-21 09:16:03\"", 1650532563000)]
    [InlineData("\"2022-04-21\"", 1650499200000)]
    public void Parse_Timestamp_IsRead(string timestamp, long milliseconds) =>
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), Webhook.ReadEnvelope($"\"timestamp\":{timestamp}").OccurredAt);

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("\"0\"")]
    [InlineData("\"\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"12:30\"")]
    [InlineData("\"1.5\"")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"2022-13-45\"")]
    [InlineData("true")]
    [InlineData("[1650532563]")]
    [InlineData("{}")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("9223372036854775807")]
    [InlineData("253402300800000")]
    public void Parse_InvalidTimestamp_Null(string timestamp) => Assert.Null(Webhook.ReadEnvelope($"\"timestamp\":{timestamp}").OccurredAt);

    [Theory]
    [InlineData("40", 40L)]
    [InlineData("\"40\"", 40L)]
    [InlineData("0", 0L)]
    [InlineData("null", null)]
    [InlineData("\"jane\"", null)]
    public void Parse_TeamMember_IsRead(string id, long? expected) =>
        Assert.Equal(expected, Webhook.ReadEnvelope($"\"team_member_id\":{id}").TeamMemberId);

    [Fact]
    public void Parse_CaseAndStep_AreRead()
    {
        var read = Webhook.ReadPayload("\"case_id\":\"512\",\"step\":3.0");

        Assert.Equal((512L, 3L), (read.CaseId, read.Step));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Parse_PayloadIsNotAnObject_IsEmpty(string payload)
    {
        var read = Webhook.Read($$$"""{"event_name":"run.completed","payload":{{{payload}}}}""");

        Assert.Equal(JsonValueKind.Object, read.Payload.ValueKind);
        Assert.Empty(read.Payload.EnumerateObject());
    }
}
