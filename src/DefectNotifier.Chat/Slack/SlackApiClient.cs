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
    public async Task<SlackAnswer> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var call = SlackMethod.Named(method);
        var request = new ChatHttpRequest(new Uri(baseAddress, method), call.TakesForm ? SlackForm.Of(json) : json)
        {
            // Without the charset Slack adds a warning to each answer.
            ContentType = call.TakesForm ? SlackForm.ContentType : "application/json; charset=utf-8",
            Bearer = token,
            AnswerHeader = "x-oauth-scopes",
            MaxAnswerBytes = call.MaxAnswerBytes,
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
                : new SlackAnswer { Status = answer.Status, RetryAfter = answer.RetryAfter, IsCut = answer.IsCut };
        }

        var root = json.RootElement;
        var ok = root.TryGetProperty("ok", out var value) ? value.ValueKind : JsonValueKind.Undefined;
        return new SlackAnswer
        {
            Ok = ok is JsonValueKind.True,
            // Without "ok" it is the JSON of somebody else, and its error says nothing about what Slack did.
            Error = ok is JsonValueKind.False ? AnswerJson.TextOf(root, "error") : null,
            Status = answer.Status,
            Drift = answer.Drift,
            Scopes = answer.Header?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            RetryAfter = RetryAfter.Longer(answer.RetryAfter, RetryAfter.Parse(root)),
            Channel = AnswerJson.TextOf(root, "channel"),
            Ts = AnswerJson.TextOf(root, "ts"),
            Details = [.. SlackDetails.Of(root)],
            Json = ok is JsonValueKind.Undefined ? null : answer.Body,
        };
    }
}
