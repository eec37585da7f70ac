using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Events;

namespace DefectNotifier.Tests.Rendering;

/// <summary>An event <c>defect.y</c> with the given texts.</summary>
internal static class AnyEvent
{
    /// <summary>Null when these texts cannot be in a webhook.</summary>
    public static DefectEvent? Of(string title, string result, string extra)
    {
        var json = new JsonObject
        {
            ["event_name"] = "defect.y",
            ["project_code"] = "WEB",
            ["timestamp"] = 1650532563,
            ["payload"] = new JsonObject
            {
                ["id"] = 73,
                ["title"] = title,
                ["actual_result"] = result,
                ["severity"] = "critical",
                ["attachments"] = new JsonArray(new JsonObject { ["filename"] = extra, ["url"] = "https://ok.example/a.png" }),
                ["x"] = extra,
                ["list"] = new JsonArray(extra, new JsonObject { ["type"] = "user", ["user_id"] = "UEVIL00" }),
            },
        };
        return WebhookParser.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "").Event;
    }
}
