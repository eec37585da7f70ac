using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

/// <summary>
/// Repeats of Qase's other events: the same webhook with its members in another order, and webhooks that differ a little.
/// </summary>
public sealed class DedupKeyFamilyTests
{
    public static TheoryData<string, string, string> Families { get; } = new()
    {
        {
            "run.completed", """{"id":7,"cases":10,"passed":9,"failed":1,"blocked":0,"duration":73.5}""",
            """{"id":7,"cases":10,"passed":8,"failed":2,"blocked":0,"duration":73.5}"""
        },
        {
            "run.started", """{"id":7,"title":"Nightly","plan":{"id":3,"title":"All"},"cases_count":10}""",
            """{"id":7,"title":"Nightly","plan":{"id":4,"title":"All"},"cases_count":10}"""
        },
        { "run.report_changed", """{"id":7,"visible":true}""", """{"id":7,"visible":false}""" },
        {
            "case.created", """{"id":9,"title":"Log in","severity":{"id":2,"title":"Critical"},"steps":[{"a":1,"b":2},{"a":3}]}""",
            """{"id":9,"title":"Log in","severity":{"id":2,"title":"Critical"},"steps":[{"a":3},{"a":1,"b":2}]}"""
        },
        { "case.cloned", """{"id":10,"from_id":9}""", """{"id":10,"from_id":8}""" },
        {
            "review.commented", """{"id":5,"comment":"yes","author":{"email":"a@b.test","name":"Ann"}}""",
            """{"id":5,"comment":"yes","author":{"email":"b@b.test","name":"Ann"}}"""
        },
        {
            "review.approval_status_changed", """{"id":5,"data":{"id":"5","status":"request changes"}}""",
            """{"id":5,"data":{"id":5,"status":"request changes"}}"""
        },
        { "plan.updated", """{"id":2,"cases":{"1033":0,"1034":1}}""", """{"id":2,"cases":{"1033":1,"1034":0}}""" },
        { "shared_step.updated", """{"hash":"a1","title":"x"}""", """{"hash":"a2","title":"x"}""" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Of_RepeatWithReorderedMembers_HasTheSameKeyAndAnotherPayloadAnother(string name, string payload, string other)
    {
        var envelope = JsonNode.Parse($$"""
            {
              "event_name": "{{name}}", "timestamp": 1767603600, "payload": {{payload}}, "team_member_id": 418, "project_code": "WEB"
            }
            """)!;

        var key = KeyOf(envelope.ToJsonString(), Some.Moment);

        var reversed = Reversed(envelope).ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        Assert.Equal(key, KeyOf(reversed, Some.Moment.AddDays(2)));
        envelope["payload"] = JsonNode.Parse(other);
        Assert.NotEqual(key, KeyOf(envelope.ToJsonString(), Some.Moment));
    }

    // The members of every object in reverse order; lists keep theirs.
    private static JsonNode Reversed(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(
            map.Reverse().Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Reversed(member.Value!)))),
        JsonArray list => new JsonArray([.. list.Select(item => (JsonNode?)Reversed(item!))]),
        _ => node.DeepClone(),
    };

    private static string KeyOf(string body, DateTimeOffset receivedAt) =>
        Convert.ToHexString(DedupKey.Of(Webhook.Read(body), receivedAt).Span);
}
