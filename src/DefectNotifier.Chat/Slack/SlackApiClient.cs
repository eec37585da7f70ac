using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Slack;

/// <summary>Slack's Web API over plain HTTP.</summary>
/// <param name="http">The shared connections.</param>
/// <param name="baseAddress">Ends with a slash; Slack's is <c>https://slack.com/api/</c>.</param>
/// <param name="token">The bot token.</param>
internal sealed class SlackApiClient(ChatHttp http, Uri baseAddress, Secret token) : ISlackApi
{
    // The answer to a post repeats the message with every letter beyond ASCII as six, so a good answer is several times as long as the message:
    // cut at the usual 16 KiB it would be unreadable, and the post would count as ambiguous.
    private const int MaxAnswerBytes = 256 * 1024;

    private const int MaxMessages = 2;

    public async Task<SlackAnswer> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var request = new ChatHttpRequest(new Uri(baseAddress, method), json)
        {
            // Without the charset Slack adds a warning to each answer.
            ContentType = "application/json; charset=utf-8",
            Bearer = token,
            MaxAnswerBytes = MaxAnswerBytes,
        };
        var outcome = await http.PostAsync(request, cancellationToken);
        return outcome.IsHeard ? Read(outcome.Answer) : new SlackAnswer { Fault = outcome.Fault };
    }

    internal static SlackAnswer Read(ChatHttpAnswer answer)
    {
        using var json = AnswerJson.ParseObject(answer.Body);
        if (json is null)
        {
            return answer is { IsComplete: false, Status: 200 }
                ? new SlackAnswer { Fault = TransportFaults.AnswerCut }
                : new SlackAnswer { Status = answer.Status, RetryAfter = answer.RetryAfter };
        }

        var root = json.RootElement;
        var ok = root.TryGetProperty("ok", out var value) ? value.ValueKind : JsonValueKind.Undefined;
        return new SlackAnswer
        {
            Ok = ok is JsonValueKind.True,
            // Without "ok" it is the JSON of somebody else, and its error says nothing about what Slack did.
            Error = ok is JsonValueKind.False ? AnswerJson.TextOf(root, "error") : null,
            Status = answer.Status,
            RetryAfter = RetryAfter.Longer(answer.RetryAfter, RetryAfter.Parse(root)),
            Channel = AnswerJson.TextOf(root, "channel"),
            Ts = AnswerJson.TextOf(root, "ts"),
            Details = [.. DetailsOf(root)],
        };
    }

    private static IEnumerable<string> DetailsOf(JsonElement root)
    {
        foreach (var name in (string[])["needed", "provided"])
        {
            if (AnswerJson.TextOf(root, name) is { Length: > 0 } scopes)
                yield return $"{name} {scopes}";
        }

        if (!root.TryGetProperty("response_metadata", out var metadata) || metadata.ValueKind is not JsonValueKind.Object
            || !metadata.TryGetProperty("messages", out var messages) || messages.ValueKind is not JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var message in messages.EnumerateArray().Take(MaxMessages))
        {
            if (AnswerJson.TextOf(message) is { Length: > 0 } text)
                yield return text;
        }
    }
}
