using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Bodies of webhooks that can be told apart in the chat.</summary>
internal static class Webhooks
{
    /// <summary>A <c>defect.created</c> whose message carries the number.</summary>
    public static string Created(int number, string project = "WEB") => new JsonObject
    {
        ["event_name"] = "defect.created",
        ["timestamp"] = 1_767_603_600,
        ["payload"] = new JsonObject
        {
            ["id"] = number,
            ["title"] = $"Marker {number} end",
            ["severity"] = "major",
            ["actual_result"] = "The discount row disappears.",
            ["attachments"] = new JsonArray(),
        },
        ["team_member_id"] = 418,
        ["project_code"] = project,
    }.ToJsonString();
}
