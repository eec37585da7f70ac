using System.Buffers;
using System.Text.Json;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Has the bot join its channel when Slack says that it is not in it: where the channel is public and the token has the scope <c>channels:join</c>, and only
/// once for each such answer. Where it may not, the answer stands. https://docs.slack.dev/reference/methods/conversations.join
/// </summary>
internal sealed class SlackJoin(ISlackApi api, string channel)
{
    /// <summary>The answer that says so.</summary>
    public const string Needed = "not_in_channel";

    /// <summary>True when it is in now.</summary>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("channel", channel);
            json.WriteEndObject();
        }

        return await api.CallAsync("conversations.join", buffer.WrittenMemory, cancellationToken) is { Failure: null, Ok: true };
    }
}
