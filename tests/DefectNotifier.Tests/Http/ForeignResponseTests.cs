using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Http;

/// <summary>
/// A 4xx that is not recognisably the chat's own, for example the page of a proxy: it neither rejects a message nor parks a destination.
/// </summary>
public sealed class ForeignResponseTests
{
    private static readonly DeliveryOptions Options = new();
    private static readonly MessageDocument Document =
        new([new HeadingBlock(1, [new MessageInline("Cart is empty")])], MessageStyle.Attention);

    private static readonly string[] Bodies =
    [
        "",
        "<html><title>Forbidden</title></html>",
        "forbidden",
        "Access denied",
        "no_te", // A code that was cut off, see IsComplete below.
        "{",
        "[]",
        """{"ok":true}""",
        """{"ok":false}""",
        """{"ok":"false","error":"no_text"}""",
        """{"error":"invalid_token"}""",
        """{"error":"access_denied","error_description":"policy"}""",
        """{"statusCode":403,"message":"Blocked"}""",
        """{"error":{"code":403,"message":"Blocked"}}""",
        """{"error":{"status":"PERMISSION_DENIED"}}""",
        """[{"error":{"code":"WorkflowNotFound"}}]""",
    ];

    public static TheoryData<string, string> Cases() => [.. AnyChat.Kinds.SelectMany(kind => Bodies, (kind, body) => (kind, body))];

    public static TheoryData<string> Kinds() => [.. AnyChat.Kinds];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Send_Foreign4xx_IsRetriedUntilTheMaxAge(string kind, string body)
    {
        var message = AnyChat.FormatterFor(kind).Format(Document);
        for (var status = 400; status <= 499; status++)
        {
            using var handler = new RespondingHandler((_, _) => (status, body));
            using var http = new ChatHttp(TimeProvider.System, new CuttingHandler(handler, isCut: body == "no_te"));
            var result = await AnyChat.Sender(kind, http).SendAsync(message, "event-1", TestContext.Current.CancellationToken);

            var before = Decide(result, Options.MaxAge - TimeSpan.FromSeconds(1));
            Assert.Equal((status, DeliveryState.Pending, null), (status, before.State, before.Lane.ParkedReason));
            Assert.Equal(status == 429 ? 30 : 1, (before.Lane.NotBefore - Some.Moment)!.Value.TotalSeconds);
            // A 429 never ends a delivery; a message that a firewall always blocks must not stop the channel forever.
            var after = Decide(result, Options.MaxAge);
            Assert.Equal(status == 429 ? DeliveryState.Pending : DeliveryState.Dead, after.State);
            Assert.Equal(status == 429 ? SendReason.RateLimited : SendReason.Expired, after.Reason);
            // A message that is too large for a proxy is sent again in its plain form.
            Assert.Equal(status == 413 ? 2 : 1, handler.Bodies.Count);
            Assert.Contains($"HTTP {status}", result.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Send_413OfAProxy_DeliversThePlainForm(string kind)
    {
        var message = AnyChat.FormatterFor(kind).Format(Document);
        var isFirst = true;
        using var http = new ChatHttp(TimeProvider.System, new RespondingHandler((_, _) =>
        {
            var response = isFirst ? (413, "<html>Request Entity Too Large</html>") : AnyChat.GoodResponse(kind);
            isFirst = false;
            return response;
        }));

        var result = await AnyChat.Sender(kind, http).SendAsync(message, "event-1", TestContext.Current.CancellationToken);

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Matches("^sent as .* because the full (message|card) was rejected \\(HTTP 413\\)$", result.Detail);
    }

    private static AttemptOutcome Decide(SendResult result, TimeSpan age) => new LanePolicy(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Timeout = TimeSpan.FromSeconds(15),
            Sender = new ScriptedSender(new JumpingTime(Some.Moment)),
            SettingsDigest = "digest",
        },
        Options).Decide(
            new PendingDelivery
            {
                Id = 1,
                EventName = "defect.created",
                EventId = "event-1",
                Destination = "web-qa",
                MayBeRepeat = false,
                ReceivedAt = Some.Moment,
                Source = "",
                Body = "{}"u8.ToArray(),
            },
            new LaneState("web-qa"), result, age, isLimitClosed: false, Some.Moment, random: 0);

    /// <summary>Breaks the connection after the body.</summary>
    private sealed class CuttingHandler(HttpMessageHandler inner, bool isCut) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!isCut) return response;
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.Content = new StreamContent(new CutStream(bytes));
            return response;
        }
    }

    private sealed class CutStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read
                ? read
                : throw new HttpIOException(HttpRequestError.ResponseEnded);
    }
}
