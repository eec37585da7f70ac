using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Looks through a channel's latest messages for the one with a stamp. Only a look that saw all of them says "not found"; what is in doubt is
/// <see cref="LookupStatus.Impossible"/> (it will not get better) or <see cref="LookupStatus.Failed"/> (it may).
/// https://docs.slack.dev/reference/methods/conversations.history
/// </summary>
internal sealed class SlackLookup(ISlackApi api, string channel, DetailScrubber scrubber)
{
    public const string Method = "conversations.history";
    public const string ThreadMethod = "conversations.replies";

    /// <summary>Messages a page. Slack allows 999, but a page is read whole (see <see cref="SlackMethod"/>), and one is nearly always enough.</summary>
    private const int PageSize = 100;

    /// <summary>A channel with more than 500 messages since is a busy one, and 50 calls a minute have to do for the whole workspace.</summary>
    private const int MaxPages = 5;

    /// <summary>
    /// The message's time is Slack's, the attempt's is ours: where our clock is ahead, the message seems older than the attempt. Five minutes is what Slack
    /// itself allows between two clocks (https://docs.slack.dev/authentication/verifying-requests-from-slack); they cost a few messages more to read, while
    /// too little of it would send a message twice.
    /// </summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>See <see cref="IMessageLookup.FindAsync"/>. A channel's history does not show the replies in threads.</summary>
    /// <param name="correlationKey">The stamp.</param>
    /// <param name="thread">The timestamp of the message in whose thread it would stand; null: it would stand in the channel.</param>
    /// <param name="since">When the first attempt began.</param>
    /// <param name="acquire">Awaited before each request.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<LookupResult> FindAsync(string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (var page = 1; page <= MaxPages; page++)
        {
            await acquire();
            var response = await api.CallAsync(thread is null ? Method : ThreadMethod, ArgumentsOf(thread, since - ClockSkew, cursor), cancellationToken);
            if (SlackLookupResponses.ErrorOf(response, isFirst: page == 1, scrubber) is { } error) return error;
            if (SlackHistoryPage.TryRead(response.Json, correlationKey) is not { } read) return SlackLookupResponses.Unreadable;
            if (read.HasMessage) return new LookupResult(LookupStatus.Found) { Reference = SlackReference.Of(channel, read.Ts) };
            if (read is { NextCursor: null, HasMore: false })
            {
                // With clocks so far apart the page may begin after the message.
                return response.Drift?.Duration() > ClockSkew ? Impossible("Slack's clock and ours are too far apart") : new LookupResult(LookupStatus.NotFound);
            }

            if (read.NextCursor is null) return Impossible("there are more messages than Slack shows");
            cursor = read.NextCursor;
        }

        return Impossible($"more than {MaxPages} pages of messages since");
    }

    private static LookupResult Impossible(string detail) => new(LookupStatus.Impossible) { Detail = detail };

    private ReadOnlyMemory<byte> ArgumentsOf(string? thread, DateTimeOffset oldest, string? cursor)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("channel", channel);
            if (thread is not null) json.WriteString("ts", thread);
            json.WriteString("oldest", TimestampOf(oldest));
            json.WriteNumber("limit", PageSize);
            json.WriteBoolean("include_all_metadata", true);
            if (cursor is not null) json.WriteString("cursor", cursor);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // Slack's timestamps are seconds with six decimals.
    private static string TimestampOf(DateTimeOffset moment) =>
        (Math.Max(0, moment.ToUnixTimeMilliseconds()) / 1000m).ToString("F6", CultureInfo.InvariantCulture);
}
