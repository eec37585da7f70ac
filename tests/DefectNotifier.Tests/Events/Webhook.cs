using System.Text;
using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

/// <summary>Parses webhooks that a test writes as text.</summary>
internal static class Webhook
{
    public static WebhookParseResult Parse(string body, string source = "") => WebhookParser.Parse(Encoding.UTF8.GetBytes(body), source);

    public static DefectEvent Read(string body, string source = "")
    {
        var result = Parse(body, source);
        Assert.True(result.IsEvent, result.Error?.Detail);
        return result.Event;
    }

    /// <summary>A complete <c>defect.created</c> with additional members in its payload.</summary>
    public static DefectEvent ReadPayload(string members) =>
        Read($$$"""
            {
              "event_name": "defect.created",
              "timestamp": 1650532563,
              "payload": {"id":73,{{{members}}}},
              "team_member_id": 40,
              "project_code": "WEB"
            }
            """);

    /// <summary>A <c>defect.created</c> with additional members in its envelope.</summary>
    public static DefectEvent ReadEnvelope(string members, string source = "") =>
        Read($$$"""{"event_name":"defect.created","payload":{"id":73},{{{members}}}}""", source);

    public static WebhookError Refuse(string body) => Refuse(Encoding.UTF8.GetBytes(body));

    public static WebhookError Refuse(byte[] body)
    {
        var result = WebhookParser.Parse(body, "");
        Assert.False(result.IsEvent);
        return result.Error;
    }
}
