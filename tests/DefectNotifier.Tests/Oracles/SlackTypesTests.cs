using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Limits;

namespace DefectNotifier.Tests.Oracles;

/// <summary>Messages against Slack's published types (npm <c>@slack/types</c>), compiled by <c>tsc</c>.</summary>
public sealed class SlackTypesTests
{
    [Fact]
    public void Messages_OfEveryKind_HaveSlacksTypes() => NodeScript.Check("slack.mjs", [
        .. Messages.OfSamples(ChatPlatform.Slack).SelectMany(sample => Requests(sample.Name, sample.Message)),
        .. Messages.OfPastedTemplate(ChatPlatform.Slack).Select(pasted => new MessageCase(pasted.Name, pasted.Message)),
        .. Messages.OfHostileTexts(ChatPlatform.Slack).Select(hostile => new MessageCase(hostile.Name, hostile.Message)),
        .. Messages.Some(AnyDocument.Small, 400).Select(document =>
            new MessageCase("document", JsonElement.Parse(new SlackMessageFormatter().Format(document).Json.Span))),
    ]);

    /// <summary>The message as a webhook, a new message, a reply, an update and its plain text.</summary>
    private static IEnumerable<MessageCase> Requests(string name, JsonElement message)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message);
        yield return new MessageCase(name, message);
        ReadOnlyMemory<byte>?[] requests =
        [
            SlackPayload.ForPost("C012AB3CD", json, "key"),
            SlackPayload.ForPost("C012AB3CD", json, "key", "1503435956.000247", broadcast: true),
            SlackPayload.ForUpdate("C012AB3CD", "1503435956.000247", json),
            SlackPayload.TextOnly(new ChatMessage(ChatPlatform.Slack, json) { Text = "Cart is *empty*\nOpen in Qase" }),
        ];
        foreach (var request in requests) yield return new MessageCase(name, JsonElement.Parse(request!.Value.Span));
    }

    private sealed record MessageCase(string Name, JsonElement Message);
}
