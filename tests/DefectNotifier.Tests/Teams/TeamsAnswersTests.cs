using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery;

namespace DefectNotifier.Tests.Teams;

public sealed class TeamsAnswersTests
{
    private static readonly DetailScrubber Scrubber =
        new(new Uri("https://a.01.environment.api.powerplatform.com/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=abcSECRETabc"));

    [Theory]
    [InlineData(400, "TriggerInputSchemaMismatch", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "WorkflowTriggerIsNotEnabled", Fate.Parked, SendReason.FlowDisabled)]
    [InlineData(400, "InvalidRequestContent", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "MissingApiVersionParameter", Fate.Parked, SendReason.BadAddress)]
    [InlineData(401, "DirectApiAuthorizationRequired", Fate.Parked, SendReason.BadCredentials)]
    [InlineData(401, "DirectAPIAuthorizationRequired", Fate.Parked, SendReason.BadCredentials)]
    [InlineData(401, "MisMatchingOAuthClaims", Fate.Parked, SendReason.BadCredentials)]
    [InlineData(403, "Whatever", Fate.Parked, SendReason.MissingPermission)]
    [InlineData(404, "WorkflowNotFound", Fate.Parked, SendReason.HookGone)]
    [InlineData(400, "WorkflowNotFound", Fate.Parked, SendReason.HookGone)]
    [InlineData(502, "NoResponse", Fate.Ambiguous, SendReason.ServerError)]
    [InlineData(429, "TooManyRequests", Fate.Wait, SendReason.RateLimited)]
    public void Classify_DocumentedCode_HasItsFate(int status, string code, Fate fate, SendReason reason)
    {
        var body = $$$"""{"error":{"code":"{{{code}}}","message":"The message, or a part of ours"}}""";

        var result = TeamsAnswers.Classify(new ChatHttpAnswer(status) { Body = body }, Scrubber);

        Assert.Equal((fate, reason), (result.Fate, result.Reason));
        Assert.StartsWith($"{code}; HTTP {status}", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("message", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, Fate.Delivered, SendReason.Ok)]
    [InlineData(201, Fate.Delivered, SendReason.Ok)]
    [InlineData(202, Fate.Delivered, SendReason.Ok)]
    [InlineData(204, Fate.Delivered, SendReason.Ok)]
    [InlineData(301, Fate.Parked, SendReason.BadAddress)]
    [InlineData(302, Fate.Parked, SendReason.BadAddress)]
    [InlineData(307, Fate.Parked, SendReason.BadAddress)]
    [InlineData(400, Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(401, Fate.Parked, SendReason.BadCredentials)]
    [InlineData(403, Fate.Parked, SendReason.MissingPermission)]
    [InlineData(404, Fate.Parked, SendReason.HookGone)]
    [InlineData(408, Fate.Retry, SendReason.ServiceUnavailable)]
    [InlineData(410, Fate.Parked, SendReason.HookGone)]
    [InlineData(413, Fate.Refused, SendReason.MessageTooLarge)]
    [InlineData(415, Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(429, Fate.Wait, SendReason.RateLimited)]
    [InlineData(500, Fate.Retry, SendReason.ServerError)]
    [InlineData(502, Fate.Ambiguous, SendReason.ServerError)]
    [InlineData(503, Fate.Retry, SendReason.ServiceUnavailable)]
    [InlineData(504, Fate.Ambiguous, SendReason.ServerError)]
    public void Classify_DocumentedStatus_HasItsFate(int status, Fate fate, SendReason reason)
    {
        var result = TeamsAnswers.Classify(new ChatHttpAnswer(status), Scrubber);

        Assert.Equal((fate, reason), (result.Fate, result.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("<html>")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"code":7}}""")]
    [InlineData("""{"error":{"code":"\ud800"}}""")]
    [InlineData("""[{"error":{"code":"NoResponse"}}]""")]
    public void Classify_EveryStatusWithoutAKnownCode_FollowsTheRule(string body)
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = TeamsAnswers.Classify(new ChatHttpAnswer(status) { Body = body }, Scrubber);

            (Fate, SendReason) expected = status switch
            {
                >= 200 and <= 299 => (Fate.Delivered, SendReason.Ok),
                >= 300 and <= 399 => (Fate.Parked, SendReason.BadAddress),
                401 => (Fate.Parked, SendReason.BadCredentials),
                403 => (Fate.Parked, SendReason.MissingPermission),
                404 or 410 => (Fate.Parked, SendReason.HookGone),
                408 or 503 => (Fate.Retry, SendReason.ServiceUnavailable),
                413 => (Fate.Refused, SendReason.MessageTooLarge),
                429 => (Fate.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (Fate.Refused, SendReason.InvalidMessage),
                500 => (Fate.Retry, SendReason.ServerError),
                >= 500 => (Fate.Ambiguous, SendReason.ServerError),
                _ => (Fate.Ambiguous, SendReason.UnexpectedAnswer),
            };
            Assert.Equal((status, expected), (status, (result.Fate, result.Reason)));
        }
    }

    [Fact]
    public void Classify_ErrorInA2xx_IsDeliveredAllTheSame() =>
        Assert.Equal(
            Fate.Delivered,
            TeamsAnswers.Classify(new ChatHttpAnswer(202) { Body = """{"error":{"code":"WorkflowNotFound"}}""" }, Scrubber).Fate);

    [Theory]
    [InlineData(413, "", true)]
    [InlineData(413, """{"error":{"code":"RequestEntityTooLarge"}}""", true)]
    [InlineData(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", true)]
    [InlineData(413, """{"error":{"code":"WorkflowNotFound"}}""", false)]
    [InlineData(202, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", false)]
    [InlineData(400, """{"error":{"code":"InvalidRequestContent"}}""", false)]
    [InlineData(400, "", false)]
    [InlineData(415, "", false)]
    [InlineData(429, "", false)]
    [InlineData(502, "", false)]
    public void RefusesTheCard_Answer_IsTrueOnlyBeforeARun(int status, string body, bool expected) =>
        Assert.Equal(expected, TeamsAnswers.RefusesTheCard(new ChatHttpAnswer(status) { Body = body }));

    [Fact]
    public void Classify_RunId_IsReferenceOrDetail()
    {
        Assert.Equal(SendResult.Delivered("08584-CU01"), TeamsAnswers.Classify(new ChatHttpAnswer(202) { Header = "08584-CU01" }, Scrubber));
        Assert.Equal("HTTP 502; run 08584-CU01", TeamsAnswers.Classify(new ChatHttpAnswer(502) { Header = "08584-CU01" }, Scrubber).Detail);
    }

    [Theory]
    [InlineData("abcSECRETabc")]
    [InlineData("a b")]
    [InlineData("https://x")]
    [InlineData("")]
    public void Classify_HeaderThatIsNoRunId_IsLeftOut(string header) =>
        Assert.Equal(SendResult.Delivered(), TeamsAnswers.Classify(new ChatHttpAnswer(202) { Header = header }, Scrubber));

    [Theory]
    [InlineData(null, 30)]
    [InlineData(12, 12)]
    [InlineData(90_000, 3600)]
    public void Classify_429_WaitsAsLongAsAsked(int? header, int expected)
    {
        var answer = new ChatHttpAnswer(429) { RetryAfter = header is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(TimeSpan.FromSeconds(expected), TeamsAnswers.Classify(answer, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_CutAddress_SaysWhatHappened()
    {
        var body = """{"error":{"code":"MissingApiVersionParameter"}}""";

        Assert.Contains("cut off", TeamsAnswers.Classify(new ChatHttpAnswer(400) { Body = body }, Scrubber).Detail, StringComparison.Ordinal);
    }
}
