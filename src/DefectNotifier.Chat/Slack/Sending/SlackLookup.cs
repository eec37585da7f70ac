using System.Globalization;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Searches a channel's latest messages for a correlation key. Only a search that saw all of them returns "not found"; a doubtful result is
/// <see cref="LookupStatus.Impossible"/> (permanent) or <see cref="LookupStatus.Failed"/> (temporary).
/// https://docs.slack.dev/reference/methods/conversations.history
/// </summary>
internal sealed class SlackLookup(ISlackApi api, string channel, DetailScrubber scrubber)
{
    /// <summary>
    /// Messages per page. Slack allows 999, but a page must be read whole (see <see cref="SlackMethod"/>), and one is nearly always enough.
    /// </summary>
    private const int PageSize = 100;

    /// <summary>
    /// More than 500 messages since the attempt: the workspace-wide limit of 50 calls a minute does not allow a longer search.
    /// </summary>
    private const int MaxPages = 5;

    /// <summary>
    /// The message's time is Slack's, the attempt's time is ours: if our clock is ahead, the message seems older than the attempt. Five
    /// minutes is the tolerance that Slack itself uses (https://docs.slack.dev/authentication/verifying-requests-from-slack). A value that
    /// is too large makes a lookup read some more messages; one that is too small would send a message twice.
    /// </summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>See <see cref="IMessageLookup.FindAsync"/>. A channel's history does not contain the replies in threads.</summary>
    /// <param name="correlationKey">The key to search for.</param>
    /// <param name="thread">The timestamp of the thread's root message; null: search the channel.</param>
    /// <param name="since">When the first attempt began.</param>
    /// <param name="acquire">Awaited before each request.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task<LookupResult> FindAsync(
        string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken)
    {
        var method = thread is null ? SlackMethod.History : SlackMethod.Replies;
        string? cursor = null;
        for (var page = 1; page <= MaxPages; page++)
        {
            await acquire();
            var response = await api.CallAsync(method, ArgumentsOf(thread, since - MaxClockSkew, cursor), cancellationToken);
            if (ErrorOf(response, isFirstPage: page == 1) is { } error) return error;
            if (SlackHistoryPage.TryRead(response.Json, correlationKey) is not { } read)
                return Failed(new SendResult(SendOutcome.Retry, SendReason.LookupFailed) { Detail = "the response contains no messages" });

            if (read.HasMessage) return new LookupResult(LookupStatus.Found) { Reference = SlackReference.Of(channel, read.Ts) };
            if (read is { NextCursor: null, HasMore: false })
            {
                // With a larger clock difference the search may have begun after the message.
                return response.Drift?.Duration() > MaxClockSkew
                    ? Impossible($"Slack's clock and the local clock differ by more than {MaxClockSkew.TotalMinutes} minutes")
                    : new LookupResult(LookupStatus.NotFound);
            }

            if (read.NextCursor is null) return Impossible("Slack reports more messages but no next page");
            cursor = read.NextCursor;
        }

        return Impossible($"more than {MaxPages * PageSize} messages since the first attempt");
    }

    /// <summary>Null for a success, whose messages are still to be read.</summary>
    private LookupResult? ErrorOf(SlackResponse response, bool isFirstPage)
    {
        // The next search would get the same page.
        if (response is { IsTruncated: true, Ok: false, Status: 200, Error: null })
            return Impossible("the page of messages is too large to read");

        var result = SlackApiResponses.Classify(response, scrubber);
        return result switch
        {
            { Outcome: SendOutcome.Delivered } => null,

            // Apps that are limited to one request per minute would never reach the second page, and the lane would wait forever.
            { Reason: SendReason.RateLimited } when !isFirstPage => Impossible(result.Detail) with { Error = result },
            { Outcome: SendOutcome.Wait } or { Reason: SendReason.ConnectFailed } => Failed(result),

            // Token, channel, URL, arguments: the send will report the same problem. An unknown code is treated as permanent too: reading
            // can be rejected for more reasons than posting (method_not_supported_for_channel_type).
            { Outcome: SendOutcome.Parked or SendOutcome.Rejected } => Impossible(result.Detail),
            { Reason: SendReason.UnknownError } when response.Error is { Length: > 0 } => Impossible(result.Detail),
            _ => Failed(new SendResult(SendOutcome.Retry, SendReason.LookupFailed)
            {
                Detail = result.Detail,
                RetryAfter = result.RetryAfter,
            }),
        };
    }

    private static LookupResult Impossible(string? detail) => new(LookupStatus.Impossible) { Detail = detail };

    private static LookupResult Failed(SendResult error) => new(LookupStatus.Failed) { Detail = error.Detail, Error = error };

    private ReadOnlyMemory<byte> ArgumentsOf(string? thread, DateTimeOffset oldest, string? cursor) => SlackPayload.Write(json =>
    {
        json.WriteString("channel", channel);
        if (thread is not null) json.WriteString("ts", thread);
        json.WriteString("oldest", TimestampOf(oldest));
        json.WriteNumber("limit", PageSize);
        json.WriteBoolean("include_all_metadata", true);
        if (cursor is not null) json.WriteString("cursor", cursor);
    });

    // Slack's timestamps are seconds with six decimals.
    private static string TimestampOf(DateTimeOffset moment) =>
        (Math.Max(0, moment.ToUnixTimeMilliseconds()) / 1000m).ToString("F6", CultureInfo.InvariantCulture);
}

/// <summary>One page of <c>conversations.history</c>, as far as the search for one message needs it.</summary>
internal sealed record SlackHistoryPage
{
    /// <summary>True when the message with the correlation key is on the page.</summary>
    public bool HasMessage { get; private init; }

    /// <summary>That message's timestamp; null when it is missing or not a string.</summary>
    public string? Ts { get; private init; }

    /// <summary>Where the next page starts; null: this is the last page.</summary>
    public string? NextCursor { get; private init; }

    /// <summary>True when Slack reports more messages after this page.</summary>
    public bool HasMore { get; private init; }

    /// <summary>
    /// Null for anything that is not a complete page of Slack's: a misread page would count as "not posted", and the message would be sent
    /// twice.
    /// </summary>
    /// <param name="json">The response.</param>
    /// <param name="correlationKey">The key to search for.</param>
    public static SlackHistoryPage? TryRead(string? json, string correlationKey)
    {
        using var document = json is null ? null : ResponseJson.ParseObject(json);
        if (document is null || !document.RootElement.TryGetProperty("messages", out var messages) || !IsListOfObjects(messages))
            return null;

        var found = messages.EnumerateArray().FirstOrDefault(message => SlackPayload.HasCorrelationKey(message, correlationKey));
        return TryReadCursor(document.RootElement, out var cursor)
            ? new SlackHistoryPage
            {
                HasMessage = found.ValueKind is JsonValueKind.Object,
                Ts = ResponseJson.TextOf(found, "ts"),
                NextCursor = cursor,
                HasMore = document.RootElement.TryGetProperty("has_more", out var more) && more.ValueKind is JsonValueKind.True,
            }
            : null;
    }

    private static bool IsListOfObjects(JsonElement messages) =>
        messages.ValueKind is JsonValueKind.Array && messages.EnumerateArray().All(message => message.ValueKind is JsonValueKind.Object);

    /// <summary>The last page has no metadata or an empty cursor. False for a cursor that is not a string.</summary>
    private static bool TryReadCursor(JsonElement root, out string? cursor)
    {
        cursor = null;
        if (!root.TryGetProperty("response_metadata", out var metadata) || metadata.ValueKind is JsonValueKind.Null) return true;
        if (metadata.ValueKind is not JsonValueKind.Object) return false;
        if (!metadata.TryGetProperty("next_cursor", out var value) || value.ValueKind is JsonValueKind.Null) return true;
        var text = ResponseJson.TextOf(value);
        cursor = text is { Length: > 0 } ? text : null;
        return text is not null;
    }
}
