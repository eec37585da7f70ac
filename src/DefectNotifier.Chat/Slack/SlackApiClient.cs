using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Slack;

/// <summary>Slack's Web API over plain HTTP.</summary>
/// <param name="http">The shared connections.</param>
/// <param name="baseAddress">Ends with a slash; Slack's is <c>https://slack.com/api/</c>.</param>
/// <param name="token">The bot token.</param>
internal sealed class SlackApiClient(ChatHttp http, Uri baseAddress, Secret token) : ISlackApi
{
    public async Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var call = SlackMethod.Named(method);
        var request = new ChatHttpRequest(new Uri(baseAddress, method), call.TakesForm ? SlackForm.Of(json) : json)
        {
            // Without the charset Slack adds a warning to each answer.
            ContentType = call.TakesForm ? SlackForm.ContentType : "application/json; charset=utf-8",
            Bearer = token,
            ResponseHeader = "x-oauth-scopes",
            MaxResponseBytes = call.MaxResponseBytes,
        };
        var outcome = await http.PostAsync(request, cancellationToken);
        return outcome.IsReceived ? Read(outcome.Response) : new SlackResponse { Failure = outcome.Error };
    }

    internal static SlackResponse Read(ChatHttpResponse response)
    {
        using var json = ResponseJson.ParseObject(response.Body);
        if (json is null)
        {
            return response is { IsComplete: false, Status: 200 }
                ? new SlackResponse { Failure = TransportErrors.ResponseCut }
                : new SlackResponse { Status = response.Status, RetryAfter = response.RetryAfter, IsCut = response.IsCut };
        }

        var root = json.RootElement;
        var ok = root.TryGetProperty("ok", out var value) ? value.ValueKind : JsonValueKind.Undefined;
        return new SlackResponse
        {
            Ok = ok is JsonValueKind.True,
            // Without "ok" it is the JSON of somebody else, and its error says nothing about what Slack did.
            Error = ok is JsonValueKind.False ? ResponseJson.TextOf(root, "error") : null,
            Status = response.Status,
            Drift = response.Drift,
            Scopes = response.Header?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            RetryAfter = RetryAfter.Longer(response.RetryAfter, RetryAfter.Parse(root)),
            Channel = ResponseJson.TextOf(root, "channel"),
            Ts = ResponseJson.TextOf(root, "ts"),
            Details = [.. SlackDetails.Of(root)],
            Json = ok is JsonValueKind.Undefined ? null : response.Body,
        };
    }
}
