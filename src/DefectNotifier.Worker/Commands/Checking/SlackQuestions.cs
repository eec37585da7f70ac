using System.Buffers;
using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Asks Slack about one bot and its channel: <c>auth.test</c> and <c>conversations.info</c>.</summary>
internal sealed class SlackQuestions(ISlackApi api, DestinationOptions options)
{
    private const string Post = "chat:write";
    private static readonly string[] HistoryScopes = ["channels:history", "groups:history", "im:history", "mpim:history"];
    private static readonly string[] InfoScopes = ["channels:read", "groups:read", "im:read", "mpim:read"];

    public async Task<IReadOnlyList<Finding>> AskAsync(CancellationToken stop)
    {
        var token = $"Destinations:{options.Name}:Token";
        var auth = await api.CallAsync("auth.test", "{}"u8.ToArray(), stop);
        if (auth.Failure is { } error) return [FindingCode.Unreachable.At($"Destinations:{options.Name}:ApiUrl", $"Slack does not response: {error.Reason.Word()}.", "Look at the network and its proxy.")];
        if (!auth.Ok) return [FindingCode.SlackToken.At(token, $"Slack refuses the token: {Word(auth)}.", "Install the app in the workspace again and copy the Bot User OAuth Token.")];
        var findings = new List<Finding>();
        if (auth.Scopes is { } scopes)
        {
            if (!scopes.Contains(Post)) findings.Add(FindingCode.SlackScope.At(token, $"The bot has no scope {Post}, so it can't post.", "Add it under OAuth & Permissions, and install the app again."));
            if (!scopes.Intersect(HistoryScopes).Any())
                findings.Add(FindingCode.SlackLookup.At(token, "The bot may not read the channel, so a message whose response was lost can't be looked for before it is sent again.", "Add the scope channels:history (groups:history for a private channel)."));
        }

        findings.AddRange(await AskChannelAsync(auth.Scopes, stop));
        return findings;
    }

    private async Task<IEnumerable<Finding>> AskChannelAsync(IReadOnlyList<string>? scopes, CancellationToken stop)
    {
        var path = $"Destinations:{options.Name}:Channel";
        var info = await api.CallAsync("conversations.info", ChannelJson(), stop);
        if (info.Failure is { } error) return [FindingCode.Unreachable.At($"Destinations:{options.Name}:ApiUrl", $"Slack does not response: {error.Reason.Word()}.", "Look at the network and its proxy.")];
        if (info.Error == "missing_scope" || (scopes is not null && !scopes.Intersect(InfoScopes).Any()))
            return [FindingCode.SlackLookup.At(path, "The bot may not ask about the channel, so whether it is a member can't be told.", "Add the scope channels:read (groups:read for a private channel), or look in Slack.")];
        if (!info.Ok) return [FindingCode.SlackChannel.At(path, $"Slack does not show the channel: {Word(info)}.", "Check the id; a private channel is there only for its members: invite the bot.")];
        using var json = JsonDocument.Parse(info.Json ?? "{}");
        if (!json.RootElement.TryGetProperty("channel", out var channel) || channel.ValueKind != JsonValueKind.Object) return [];
        if (Is(channel, "is_archived") == true) return [FindingCode.SlackChannel.At(path, "The channel is archived.", "Unarchive it, or name another one.")];
        return Is(channel, "is_member") == false && Is(channel, "is_im") != true
            ? [FindingCode.SlackChannel.At(path, "The bot is not a member of the channel.", "In the channel write /invite @ and the bot's name.")]
            : [];
    }

    private static bool? Is(JsonElement channel, string name) => channel.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private ReadOnlyMemory<byte> ChannelJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("channel", options.Channel!.Trim());
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // An error code is a word; whatever else a stranger answers is not told.
    private static string Word(SlackResponse response) => response.Error is { Length: > 0 and <= 60 } word && word.All(letter => char.IsAsciiLetter(letter) || letter == '_') ? word : $"it responses with {response.Status} and not with Slack's JSON";
}
