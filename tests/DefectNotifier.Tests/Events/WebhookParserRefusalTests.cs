using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

/// <summary>Every error: its code, its detail and its field.</summary>
public sealed class WebhookParserRefusalTests
{
    [Theory]
    [InlineData("", "empty-body", "The body is empty")]
    [InlineData(" \r\n\t", "empty-body", "The body is empty")]
    [InlineData("\uFEFF", "empty-body", "The body is empty")]
    [InlineData("{", "truncated-json", "ends in the middle, after 1 bytes")]
    [InlineData("{\"event_name\":\"defect.cre", "truncated-json", "after 25 bytes")]
    [InlineData("[]", "not-an-object", "starts with an array")]
    [InlineData("\"text\"", "not-an-object", "starts with a string")]
    [InlineData("null", "not-an-object", "starts with null")]
    [InlineData("true ", "not-an-object", "starts with a boolean")]
    [InlineData("12 ", "not-an-object", "starts with a number")]
    [InlineData("event_name=defect.created", "invalid-json", "line 1, byte 1")]
    [InlineData("{\n \"a\": 1,}", "invalid-json", "line 2, byte 9")]
    [InlineData("{'a':1}", "invalid-json", "line 1, byte 2")]
    [InlineData("{/*x*/}", "invalid-json", "line 1, byte 2")]
    [InlineData("{} {}", "trailing-content", "at byte 3")]
    [InlineData("{}x", "trailing-content", "at byte 2")]
    [InlineData("{}\0", "trailing-content", "at byte 2")]
    public void Parse_NotOneJsonObject_ErrorSaysWhatAndWhere(string body, string code, string detail)
    {
        var error = Webhook.Refuse(body);

        Assert.Equal(code, error.Code);
        Assert.Contains(detail, error.Detail, StringComparison.Ordinal);
        Assert.Null(error.Field);
    }

    [Theory]
    [InlineData("""{}""", "no keys")]
    [InlineData("""{"payload":{"id":1},"event_name":null}""", "the keys payload, event_name")]
    [InlineData("""{"event":"defect.created","data":{"id":1}}""", "the keys event, data")]
    [InlineData("""{"action":"opened","issue":{},"repository":{}}""", "the keys action, issue, repository")]
    [InlineData("""{"a\nb":1,"\u001b[31m":2}""", "the keys a?b, ?[31m")]
    public void Parse_WebhookOfAnotherTool_ErrorNamesItsKeysAndTheExpectedOnes(string body, string keys)
    {
        var error = Webhook.Refuse(body);

        Assert.Equal(("missing-event-name", "event_name"), (error.Code, error.Field));
        Assert.Contains(keys, error.Detail, StringComparison.Ordinal);
        Assert.Contains("event_name, timestamp, payload, team_member_id and project_code", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyLongKeys_KeepsTheDetailShort()
    {
        var members = Enumerable.Range(0, 500).Select(number => $"\"{number}{new string('k', 500)}\":1");

        var error = Webhook.Refuse("{" + string.Join(',', members) + "}");

        Assert.Equal("missing-event-name", error.Code);
        Assert.InRange(error.Detail.Length, 1, 600);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[\"defect.created\"]")]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    public void Parse_InvalidEventName_Error(string name)
    {
        var error = Webhook.Refuse($$$"""{"event_name":{{{name}}},"payload":{"id":1}}""");

        Assert.Equal(("invalid-event-name", "event_name"), (error.Code, error.Field));
        Assert.Contains("1 to 128 characters", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EventName_MayHave128Characters()
    {
        var longest = "custom." + new string('x', 121);

        Assert.Equal(longest, Webhook.Read($$$"""{"event_name":" {{{longest}}} "}""").Name);
        Assert.Equal("invalid-event-name", Webhook.Refuse($$$"""{"event_name":"{{{longest}}}x"}""").Code);
    }

    [Fact]
    public void Parse_ProjectCode_MayHave128Characters()
    {
        var longest = new string('P', 128);

        Assert.Equal(longest, Webhook.ReadEnvelope($"\"project_code\":\"{longest}\"").ProjectCode);
        var error = Webhook.Refuse($$$"""{"event_name":"run.completed","project_code":"{{{longest}}}P"}""");
        Assert.Equal(("invalid-project-code", "project_code"), (error.Code, error.Field));
        Assert.Contains("128", error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":0}""")]
    [InlineData("""{"id":-1}""")]
    [InlineData("""{"id":1.5}""")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"id":""}""")]
    [InlineData("""{"id":true}""")]
    [InlineData("""{"id":[1]}""")]
    [InlineData("""{"id":9223372036854775808}""")]
    [InlineData("""{"id":1e400}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Parse_DefectWithoutValidId_Error(string payload)
    {
        var error = Webhook.Refuse($$$"""{"event_name":"DEFECT.resolved","payload":{{{payload}}}}""");

        Assert.Equal(("missing-defect-id", "payload.id"), (error.Code, error.Field));
        Assert.StartsWith("DEFECT.resolved needs payload.id", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CutAtAnyByte_TruncatedError()
    {
        var body = Payloads.Read("defect/created-unicode.json").AsMemory().TrimEnd("\r\n "u8.ToArray());

        for (var length = 1; length < body.Length; length++)
        {
            var result = WebhookParser.Parse(body[..length], "");
            Assert.Equal("truncated-json", result.Error?.Code);
        }
    }
}
