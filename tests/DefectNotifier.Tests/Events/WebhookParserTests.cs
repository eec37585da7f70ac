using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

/// <summary>The documented shapes.</summary>
public sealed class WebhookParserTests
{
    public static TheoryData<string> Samples => [.. Payloads.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Parse_EverySample_IsAnEvent(string sample)
    {
        var result = WebhookParser.Parse(Payloads.Read(sample), "shop");

        Assert.True(result.IsEvent, result.Error?.Detail);
        Assert.Contains('.', result.Event.Name);
        Assert.NotNull(result.Event.SubjectId);
        Assert.NotNull(result.Event.OccurredAt);
    }

    [Fact]
    public void Parse_DocumentedCreated_ReadsEveryField()
    {
        var read = Webhook.Read("""
            {
              "event_name": "defect.created",
              "timestamp": 1650532563,
              "payload": { "id": 1, "title": "Example defect", "severity": "normal", "actual_result": "Something", "attachments": [] },
              "team_member_id": 40,
              "project_code": "ID"
            }
            """, "web");

        Assert.Equal("web", read.Source);
        Assert.Equal("defect.created", read.Name);
        Assert.Equal("ID", read.ProjectCode);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1650532563), read.OccurredAt);
        Assert.Equal(40, read.TeamMemberId);
        Assert.Equal(1, read.SubjectId);
        Assert.Equal("Example defect", read.Title);
        Assert.Same(Severity.Normal, read.Severity);
        Assert.Equal("Something", read.ActualResult);
        Assert.Empty(read.Attachments);
        Assert.Null(read.Status);
        Assert.Null(read.CaseId);
        Assert.Null(read.Step);
        Assert.True(read.IsDefect);
    }

    [Theory]
    [InlineData("defect.updated")]
    [InlineData("defect.resolved")]
    [InlineData("defect.deleted")]
    [InlineData("defect.reopened")]
    [InlineData("Defect.Created")]
    public void Parse_DefectEventWithOnlyAnId_IsAnEvent(string name)
    {
        var read = Webhook.Read(
            $$$"""{"event_name":"{{{name}}}","timestamp":1650533030,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""");

        Assert.Equal(name, read.Name);
        Assert.True(read.IsDefect);
        Assert.Equal(1, read.SubjectId);
        Assert.Null(read.Title);
        Assert.Null(read.Severity);
        Assert.Null(read.ActualResult);
        Assert.Empty(read.Attachments);
    }

    [Fact]
    public void Parse_Envelope2021_NameFromEventAndProjectFromSource()
    {
        var read = WebhookParser.Parse(Payloads.Read("defect/created-2021-envelope.json"), "legacy").Event!;

        Assert.Equal("defect.created", read.Name);
        Assert.Equal("legacy", read.ProjectCode);
        Assert.Null(read.TeamMemberId);
        Assert.Null(read.Severity);
        Assert.Equal(41, read.CaseId);
        Assert.Equal(2, read.Step);
        Assert.Equal(["11", "12", "13"], read.Attachments.Select(file => file.Name));
    }

    [Fact]
    public void Parse_EventOfAnotherKind_NeedsNoId()
    {
        var read = Webhook.Read(
            """{"event_name":"shared_step.created","timestamp":1650533030,"payload":{"hash":"a1b2"},"project_code":"ID"}""");

        Assert.False(read.IsDefect);
        Assert.Null(read.SubjectId);
        Assert.Equal("a1b2", read.Payload.GetProperty("hash").GetString());
    }

    [Fact]
    public void Parse_UnknownFields_StayInThePayload()
    {
        var read = Webhook.ReadPayload(""" "custom_fields":[{"id":1,"value":"x"}],"runs":[7],"new":null """);

        Assert.Equal("x", read.Payload.GetProperty("custom_fields")[0].GetProperty("value").GetString());
        Assert.Equal(7, read.Payload.GetProperty("runs")[0].GetInt64());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, read.Payload.GetProperty("new").ValueKind);
    }

    [Fact]
    public void Parse_ProjectCode_FromTheEnvelopeElseFromTheSource()
    {
        Assert.Equal("WEB", Webhook.ReadEnvelope(""" "project_code":" WEB " """, "shop").ProjectCode);
        Assert.Equal("shop", Webhook.ReadEnvelope(""" "project_code":null """, "shop").ProjectCode);
        Assert.Equal("shop", Webhook.ReadEnvelope(""" "project_code":"  " """, "shop").ProjectCode);
        Assert.Null(Webhook.ReadEnvelope(""" "timestamp":1 """).ProjectCode);
        Assert.Equal("404", Webhook.ReadEnvelope(""" "project_code":404 """).ProjectCode);
    }

    [Fact]
    public void Parse_EventNameAndEvent_UsesEventName()
    {
        var read = Webhook.Read("""{"event":"old.name","event_name":"defect.created","payload":{"id":1}}""");

        Assert.Equal("defect.created", read.Name);
    }
}
