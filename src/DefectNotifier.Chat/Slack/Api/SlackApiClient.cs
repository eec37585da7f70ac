using System.Text;
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
    public async Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var call = SlackMethod.Named(method);
        var request = new ChatHttpRequest(new Uri(baseAddress, method), call.TakesForm ? ToForm(json) : json)
        {
            // Without the charset Slack adds a warning to each response.
            ContentType = call.TakesForm ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8",
            Bearer = token,
            ResponseHeader = "x-oauth-scopes",
            MaxResponseBytes = call.MaxResponseBytes,
        };
        var response = await http.PostAsync(request, cancellationToken);
        return response.Failure is { } failure ? new SlackResponse { Failure = failure } : Read(response);
    }

    internal static SlackResponse Read(ChatHttpResponse response)
    {
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

    /// <summary>The arguments as form fields: strings as they are, other values as their JSON, null values left out.</summary>
    private static ReadOnlyMemory<byte> ToForm(ReadOnlyMemory<byte> json)
    {
        using var arguments = JsonDocument.Parse(json);
        var fields = arguments.RootElement.EnumerateObject()
            .Where(argument => argument.Value.ValueKind is not JsonValueKind.Null)
            .Select(argument => $"{Uri.EscapeDataString(argument.Name)}={Uri.EscapeDataString(FieldOf(argument.Value))}");
        return Encoding.ASCII.GetBytes(string.Join('&', fields));
    }

    private static string FieldOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
