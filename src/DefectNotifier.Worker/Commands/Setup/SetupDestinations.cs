using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>The destinations that <c>init</c> makes, each named after what it is.</summary>
internal static class SetupDestinations
{
    /// <summary>Shows messages instead of sending them.</summary>
    public static DestinationOptions Sandbox { get; } = new() { Name = "lobby", Type = "sandbox", As = "slack" };

    public static DestinationOptions SlackBot(string? token, string? channel) => new() { Name = "slack", Type = "slack", Token = Secret.From(token), Channel = channel?.Trim() };

    public static DestinationOptions SlackWebhook(string? url) => new() { Name = "slack-webhook", Type = "slack-webhook", Url = Secret.From(url) };

    public static DestinationOptions Teams(string? url) => new() { Name = "teams", Type = "teams", Url = Secret.From(url) };
}
