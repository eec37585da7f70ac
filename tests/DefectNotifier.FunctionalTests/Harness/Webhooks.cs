using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Bodies of webhooks whose messages can be distinguished in the chat.</summary>
internal static class Webhooks
{
    /// <summary>A <c>defect.created</c> whose message carries the number.</summary>
    public static string Created(int number, string project = "WEB", string severity = "major") => Of("created", project, new JsonObject
    {
        ["id"] = number,
        ["title"] = $"Marker {number} end",
        ["severity"] = severity,
        ["actual_result"] = "The discount row disappears.",
        ["attachments"] = new JsonArray(),
    });

    /// <summary>A <c>defect.created</c>, <c>defect.updated</c> or <c>defect.resolved</c> of a defect.</summary>
    public static string Of(string name, int number, string project) =>
        name == "created" ? Created(number, project) : Of(name, project, new JsonObject { ["id"] = number });

    private static string Of(string name, string project, JsonObject payload) => new JsonObject
    {
        ["event_name"] = "defect." + name,
        ["timestamp"] = 1_767_603_600,
        ["payload"] = payload,
        ["team_member_id"] = 418,
        ["project_code"] = project,
    }.ToJsonString();
}
