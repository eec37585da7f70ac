namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The types of destination that send to a chat.</summary>
public enum ChatKind
{
    SlackWebhook,
    SlackBot,
    Teams,
}

/// <summary>
/// The paths of a server that simulates every chat. The destination's name is part of the path, so that requests can be distinguished.
/// </summary>
internal static class ChatPath
{
    public static string Of(string destination, ChatKind kind) => kind switch
    {
        ChatKind.SlackWebhook => $"/services/{destination}/{TestSecrets.HookTeam}/{TestSecrets.HookPart}",
        ChatKind.SlackBot => $"/api/{destination}/",
        _ => $"/workflows/{destination}/triggers/manual/paths/invoke"
            + $"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig={TestSecrets.Signature}",
    };

    public static (string Destination, ChatKind Kind) Read(string path)
    {
        var parts = path.Split('/');
        var kind = parts[1] switch { "services" => ChatKind.SlackWebhook, "api" => ChatKind.SlackBot, _ => ChatKind.Teams };
        return (parts[2], kind);
    }
}
