using DefectNotifier.Delivery;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The paths by which a server that stands in for all chats tells them apart: each destination has its name in its address.</summary>
internal static class ChatPath
{
    public static string Of(string destination, ChatKind kind) => kind switch
    {
        ChatKind.SlackWebhook => $"/services/{destination}/{TestSecrets.HookTeam}/{TestSecrets.HookPart}",
        ChatKind.SlackBot => $"/api/{destination}/",
        _ => $"/workflows/{destination}/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig={TestSecrets.Signature}",
    };

    public static (string Destination, ChatKind Kind) Read(string path)
    {
        var parts = path.Split('/');
        return (parts[2], parts[1] switch { "services" => ChatKind.SlackWebhook, "api" => ChatKind.SlackBot, _ => ChatKind.Teams });
    }
}
