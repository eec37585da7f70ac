using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Checks one Slack bot and its channel with <c>auth.test</c> and <c>conversations.info</c>.</summary>
internal sealed class SlackProbe(ISlackApi api, DestinationOptions options)
{
    private const string PostScope = "chat:write";
    private static readonly string[] HistoryScopes = ["channels:history", "groups:history", "im:history", "mpim:history"];
    private static readonly string[] InfoScopes = ["channels:read", "groups:read", "im:read", "mpim:read"];

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken stop)
    {
        var token = $"Destinations:{options.Name}:Token";
        var auth = await api.CallAsync("auth.test", "{}"u8.ToArray(), stop);
        if (auth.Failure is { } error) return [Unreachable(error)];
        if (!auth.Ok)
        {
            return [FindingCode.SlackToken.At(
                token,
                $"Slack does not accept the token: {ErrorOf(auth)}.",
                "Reinstall the app in the workspace and copy the Bot User OAuth Token.")];
        }

        var findings = new List<Finding>();
        if (auth.Scopes is { } scopes)
        {
            if (!scopes.Contains(PostScope))
            {
                findings.Add(FindingCode.SlackScope.At(
                    token,
                    $"The bot can't post: it lacks the scope {PostScope}.",
                    "Add the scope under OAuth & Permissions, and reinstall the app."));
            }

            if (!scopes.Intersect(HistoryScopes).Any())
            {
                findings.Add(FindingCode.SlackLookup.At(
                    token,
                    "The bot can't read the channel, so after a lost response it can't check whether the message was posted.",
                    "Add the scope channels:history (groups:history for a private channel)."));
            }
        }

        findings.AddRange(await CheckChannelAsync(auth.Scopes, stop));
        return findings;
    }

    private async Task<IEnumerable<Finding>> CheckChannelAsync(IReadOnlyList<string>? scopes, CancellationToken stop)
    {
        var path = $"Destinations:{options.Name}:Channel";
        var request = new JsonObject { ["channel"] = options.Channel!.Trim() };
        var info = await api.CallAsync("conversations.info", Encoding.UTF8.GetBytes(request.ToJsonString()), stop);
        if (info.Failure is { } error) return [Unreachable(error)];
        if (info.Error == "missing_scope" || (scopes is not null && !scopes.Intersect(InfoScopes).Any()))
        {
            return [FindingCode.SlackLookup.At(
                path,
                "The bot can't read the channel's properties, so it is unknown whether it is a member.",
                "Add the scope channels:read (groups:read for a private channel), or check the channel in Slack.")];
        }

        if (!info.Ok)
        {
            return [FindingCode.SlackChannel.At(
                path,
                $"Slack does not show the channel: {ErrorOf(info)}.",
                "Check the id. A private channel is visible only to its members: invite the bot.")];
        }

        using var json = JsonDocument.Parse(info.Json ?? "{}");
        if (!json.RootElement.TryGetProperty("channel", out var channel) || channel.ValueKind != JsonValueKind.Object) return [];
        if (Flag(channel, "is_archived") == true)
            return [FindingCode.SlackChannel.At(path, "The channel is archived.", "Unarchive it, or use another channel.")];
        return Flag(channel, "is_member") == false && Flag(channel, "is_im") != true
            ? [FindingCode.SlackChannel.At(
                path, "The bot is not a member of the channel.", "In the channel, write /invite @ and the bot's name.")]
            : [];
    }

    private Finding Unreachable(SendResult failure) => FindingCode.Unreachable.At(
        $"Destinations:{options.Name}:ApiUrl", $"Slack can't be reached: {failure.Reason.Word()}.", "Check the network and the proxy.");

    private static bool? Flag(JsonElement channel, string name) =>
        channel.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;

    // Only a plausible error code is shown, because another server could respond with anything.
    private static string ErrorOf(SlackResponse response) =>
        response.Error is { Length: > 0 and <= 60 } word && word.All(letter => char.IsAsciiLetter(letter) || letter == '_')
            ? word
            : $"HTTP status {response.Status}, and not Slack's JSON";
}
