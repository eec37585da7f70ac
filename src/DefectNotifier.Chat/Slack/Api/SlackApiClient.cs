using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Slack.Api;

/// <summary>Slack's Web API over plain HTTP.</summary>
/// <param name="http">The shared connection pool.</param>
/// <param name="baseAddress">Ends with a slash; Slack's is <c>https://slack.com/api/</c>.</param>
/// <param name="token">The bot token.</param>
internal sealed class SlackApiClient(ChatHttp http, Uri baseAddress, Secret token) : ISlackApi
{
    public async Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        Read(await http.PostAsync(SlackMethod.Named(method).Request(new Uri(baseAddress, method), json, token), cancellationToken));

    /// <summary>Reads what Slack, or something else in its place, has sent.</summary>
    internal static SlackResponse Read(ChatHttpResponse response)
    {
        if (response.Failure is { } failure) return new SlackResponse { Failure = failure };
        using var json = ResponseJson.ParseObject(response.Body);
        if (json is null)
        {
            return response is { IsComplete: false, Status: 200 }
                ? new SlackResponse { Failure = TransportErrors.ResponseIncomplete }
                : new SlackResponse { Status = response.Status, RetryAfter = response.RetryAfter, IsTruncated = response.IsTruncated };
        }

        var root = json.RootElement;
        var ok = root.TryGetProperty("ok", out var value) ? value.ValueKind : JsonValueKind.Undefined;
        return new SlackResponse
        {
            Ok = ok is JsonValueKind.True,
            // JSON without "ok" is not Slack's, so its "error" says nothing about what Slack did.
            Error = ok is JsonValueKind.False ? ResponseJson.TextOf(root, "error") : null,
            Status = response.Status,
            Drift = response.Drift,
            Scopes = response.Header?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            RetryAfter = RetryAfter.Longer(response.RetryAfter, RetryAfter.Parse(root)),
            Channel = ResponseJson.TextOf(root, "channel"),
            Ts = ResponseJson.TextOf(root, "ts"),
            Details = ok is JsonValueKind.True ? [] : [.. SlackDetails.Of(root)],
            Json = ok is JsonValueKind.Undefined ? null : response.Body,
        };
    }
}
