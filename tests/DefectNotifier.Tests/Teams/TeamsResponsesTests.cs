using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Teams;

public sealed class TeamsResponsesTests
{
    private static readonly DetailScrubber Scrubber =
        new(new Uri("https://a.01.environment.api.powerplatform.com/workflows/1/triggers/manual/paths/"
            + "invoke?api-version=1&sig=abcSECRETabc"));

    [Theory]
    [InlineData(400, "TriggerInputSchemaMismatch", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "WorkflowTriggerIsNotEnabled", SendOutcome.Parked, SendReason.FlowDisabled)]
    [InlineData(400, "InvalidRequestContent", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "MissingApiVersionParameter", SendOutcome.Parked, SendReason.BadAddress)]
    [InlineData(401, "DirectApiAuthorizationRequired", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(401, "DirectAPIAuthorizationRequired", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(401, "MisMatchingOAuthClaims", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(401, "DirectApiInvalidAuthorizationScheme", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(401, "Whatever", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(403, "Whatever", SendOutcome.Parked, SendReason.MissingPermission)]
    [InlineData(404, "Whatever", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(400, "Whatever", SendOutcome.Retry, SendReason.UnknownError)]
    [InlineData(409, "Whatever", SendOutcome.Retry, SendReason.UnknownError)]
    [InlineData(413, "RequestEntityTooLarge", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(503, "Whatever", SendOutcome.Retry, SendReason.ServiceUnavailable)]
    [InlineData(404, "WorkflowNotFound", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(400, "WorkflowNotFound", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(502, "NoResponse", SendOutcome.Ambiguous, SendReason.ServerError)]
    [InlineData(429, "TooManyRequests", SendOutcome.Wait, SendReason.RateLimited)]
    public void Classify_DocumentedCode_HasItsOutcome(int status, string code, SendOutcome outcome, SendReason reason)
    {
        var body = $$$"""{"error":{"code":"{{{code}}}","message":"The message, or a part of ours"}}""";

        var result = TeamsResponses.Classify(new ChatHttpResponse(status) { Body = body }, Scrubber);

        Assert.Equal((outcome, reason), (result.Outcome, result.Reason));
        Assert.StartsWith($"{code}; HTTP {status}", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("message", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, SendOutcome.Delivered, SendReason.Ok)]
    [InlineData(201, SendOutcome.Delivered, SendReason.Ok)]
    [InlineData(202, SendOutcome.Delivered, SendReason.Ok)]
    [InlineData(204, SendOutcome.Delivered, SendReason.Ok)]
    [InlineData(301, SendOutcome.Parked, SendReason.BadAddress)]
    [InlineData(302, SendOutcome.Parked, SendReason.BadAddress)]
    [InlineData(307, SendOutcome.Parked, SendReason.BadAddress)]
    [InlineData(400, SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(401, SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(404, SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(413, SendOutcome.Retry, SendReason.MessageTooLarge)]
    [InlineData(429, SendOutcome.Wait, SendReason.RateLimited)]
    [InlineData(500, SendOutcome.Retry, SendReason.ServerError)]
    [InlineData(502, SendOutcome.Ambiguous, SendReason.ServerError)]
    [InlineData(503, SendOutcome.Retry, SendReason.ServiceUnavailable)]
    [InlineData(504, SendOutcome.Ambiguous, SendReason.ServerError)]
    public void Classify_DocumentedStatus_HasItsOutcome(int status, SendOutcome outcome, SendReason reason)
    {
        var result = TeamsResponses.Classify(new ChatHttpResponse(status), Scrubber);

        Assert.Equal((outcome, reason), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("<html>")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"code":7}}""")]
    [InlineData("""{"error":{"code":"\ud800"}}""")]
    [InlineData("""[{"error":{"code":"NoResponse"}}]""")]
    public void Classify_StatusWithoutAKnownCode_HasItsOutcome(string body)
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = TeamsResponses.Classify(new ChatHttpResponse(status) { Body = body }, Scrubber);

            (SendOutcome, SendReason) expected = status switch
            {
                >= 200 and <= 299 => (SendOutcome.Delivered, SendReason.Ok),
                >= 300 and <= 399 => (SendOutcome.Parked, SendReason.BadAddress),
                413 => (SendOutcome.Retry, SendReason.MessageTooLarge),
                429 => (SendOutcome.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (SendOutcome.Retry, SendReason.UnexpectedResponse),
                503 => (SendOutcome.Retry, SendReason.ServiceUnavailable),
                500 => (SendOutcome.Retry, SendReason.ServerError),
                >= 500 => (SendOutcome.Ambiguous, SendReason.ServerError),
                _ => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
            };
            Assert.Equal((status, expected), (status, (result.Outcome, result.Reason)));
        }
    }

    [Fact]
    public void Classify_2xxWithAnErrorBody_IsDelivered() =>
        Assert.Equal(
            SendOutcome.Delivered,
            TeamsResponses.Classify(new ChatHttpResponse(202) { Body = """{"error":{"code":"WorkflowNotFound"}}""" }, Scrubber).Outcome);

    [Theory]
    [InlineData(400, "", SendOutcome.Ambiguous)]
    [InlineData(413, "", SendOutcome.Ambiguous)]
    [InlineData(400, """{"error":{"code":"ANewError"}}""", SendOutcome.Ambiguous)]
    [InlineData(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", SendOutcome.Rejected)]
    [InlineData(404, """{"error":{"code":"NotFound"}}""", SendOutcome.Ambiguous)]
    [InlineData(413, """{"error":{"code":"ANewError"}}""", SendOutcome.Ambiguous)]
    [InlineData(429, "", SendOutcome.Wait)]
    [InlineData(500, "", SendOutcome.Ambiguous)]
    [InlineData(503, """{"error":{"code":"ANewError"}}""", SendOutcome.Ambiguous)]
    public void Classify_ErrorOfAFlowThatRan_MayHavePosted(int status, string body, SendOutcome outcome) => Assert.Equal(
        outcome, TeamsResponses.Classify(new ChatHttpResponse(status) { Body = body, Header = "08584-CU01" }, Scrubber).Outcome);

    [Theory]
    [InlineData(413, "", true)]
    [InlineData(413, """{"error":{"code":"RequestEntityTooLarge"}}""", true)]
    [InlineData(400, """{"error":{"code":"RequestEntityTooLarge"}}""", true)]
    [InlineData(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", true)]
    [InlineData(413, """{"error":{"code":"WorkflowNotFound"}}""", false)]
    [InlineData(202, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", false)]
    [InlineData(400, """{"error":{"code":"InvalidRequestContent"}}""", false)]
    [InlineData(400, "", false)]
    [InlineData(415, "", false)]
    [InlineData(429, "", false)]
    [InlineData(502, "", false)]
    public void RejectsCard_Response_IsTrueOnlyForErrorsBeforeARun(int status, string body, bool expected) =>
        Assert.Equal(expected, TeamsResponses.RejectsCard(new ChatHttpResponse(status) { Body = body }));

    [Fact]
    public void RejectsCard_AfterARun_IsFalse() =>
        Assert.False(TeamsResponses.RejectsCard(new ChatHttpResponse(413) { Header = "08584-CU01" }));

    [Fact]
    public void Classify_RunId_IsReferenceOrDetail()
    {
        Assert.Equal(
            SendResult.Delivered("08584-CU01"), TeamsResponses.Classify(new ChatHttpResponse(202) { Header = "08584-CU01" }, Scrubber));
        Assert.Equal(
            "HTTP 502; run 08584-CU01", TeamsResponses.Classify(new ChatHttpResponse(502) { Header = "08584-CU01" }, Scrubber).Detail);
    }

    [Theory]
    [InlineData("abcSECRETabc")]
    [InlineData("a b")]
    [InlineData("https://x")]
    [InlineData("")]
    public void Classify_InvalidRunId_IsLeftOut(string header) =>
        Assert.Equal(SendResult.Delivered(), TeamsResponses.Classify(new ChatHttpResponse(202) { Header = header }, Scrubber));

    [Theory]
    [InlineData(null, 30)]
    [InlineData(12, 12)]
    [InlineData(90_000, 3600)]
    public void Classify_429_WaitsAsRequested(int? header, int expected)
    {
        var response = new ChatHttpResponse(429) { RetryAfter = header is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(TimeSpan.FromSeconds(expected), TeamsResponses.Classify(response, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_IncompleteUrl_HasAdvice()
    {
        var body = """{"error":{"code":"MissingApiVersionParameter"}}""";

        Assert.Contains(
            "cut off", TeamsResponses.Classify(new ChatHttpResponse(400) { Body = body }, Scrubber).Detail, StringComparison.Ordinal);
    }
}
