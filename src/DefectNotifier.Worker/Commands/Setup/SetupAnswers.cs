using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>The information that <c>init</c> needs: at least one destination, and project codes (none: all projects).</summary>
internal sealed record SetupAnswers(IReadOnlyList<DestinationOptions> Destinations, IReadOnlyList<string> ProjectCodes)
{
    private static readonly char[] CodeSeparators = [' ', ',', ';'];

    /// <summary>False when messages are only shown in the terminal.</summary>
    public bool HasChat => Destinations.Any(one => one.Type != SetupDestinations.Sandbox.Type);

    /// <summary>The project codes in these texts, each with codes separated by spaces or commas.</summary>
    public static IReadOnlyList<string> SplitProjectCodes(IEnumerable<string> texts) =>
    [
        .. texts.SelectMany(text => text.Split(CodeSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}

/// <summary>The destinations that <c>init</c> creates, named after their types.</summary>
internal static class SetupDestinations
{
    /// <summary>Shows messages in the terminal instead of sending them.</summary>
    public static DestinationOptions Sandbox { get; } = new() { Name = "lobby", Type = "sandbox", As = "slack" };

    public static DestinationOptions SlackBot(string? token, string? channel) =>
        new() { Name = "slack", Type = "slack", Token = Secret.From(token), Channel = channel?.Trim() };

    public static DestinationOptions SlackWebhook(string? url) => new()
    {
        Name = "slack-webhook",
        Type = "slack-webhook",
        Url = Secret.From(url),
    };

    public static DestinationOptions Teams(string? url) => new() { Name = "teams", Type = "teams", Url = Secret.From(url) };
}
