using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Teams.Sending;

/// <summary>
/// Classifies responses of a Workflows webhook. Any 2xx is a success whatever the body (usually 202, before anything is posted); otherwise
/// <c>error.code</c> decides, then the HTTP status. Without a code of Azure Logic Apps, on which Workflows runs, no response is final. To
/// add a code, add it to a row here and to <c>TeamsResponsesTests</c>. The codes are from
/// https://learn.microsoft.com/en-us/azure/connectors/connectors-native-reqres, and from observed responses.
/// </summary>
internal static class TeamsResponses
{
    /// <summary>The header with the id of the flow's run, which an admin can search for in the run history.</summary>
    public const string RunIdHeader = "x-ms-workflow-run-id";

    private const int MaxCodeLength = 64;

    private const string SchemaMismatch = "TriggerInputSchemaMismatch";

    /// <summary>Observed in different cases (DirectApi..., DirectAPI...).</summary>
    public static readonly ResponseTable ErrorCodes = new(
        StringComparer.OrdinalIgnoreCase,
        new(SendOutcome.Rejected, SendReason.InvalidMessage, SchemaMismatch, "InvalidRequestContent"),
        new(SendOutcome.Rejected, SendReason.MessageTooLarge, "RequestEntityTooLarge"),
        new(SendOutcome.Parked, SendReason.FlowDisabled, "WorkflowTriggerIsNotEnabled")
        {
            Advice = "the flow is switched off, suspended or deleted",
        },
        new(SendOutcome.Parked, SendReason.BadAddress, "MissingApiVersionParameter")
        {
            Advice = "the URL was cut off, often by a shell at its first &",
        },
        new(SendOutcome.Parked, SendReason.BadCredentials, "DirectApiAuthorizationRequired", "DirectApiInvalidAuthorizationScheme")
        {
            Advice = "the URL lacks its sig, or the flow's trigger is not set to Anyone",
        },
        new(SendOutcome.Parked, SendReason.BadCredentials, "MisMatchingOAuthClaims"),
        new(SendOutcome.Parked, SendReason.HookGone, "WorkflowNotFound") { Advice = "the flow was deleted" },
        new(SendOutcome.Wait, SendReason.RateLimited, "TooManyRequests"),
        new(SendOutcome.Ambiguous, SendReason.ServerError, "NoResponse"));

    // 500 and 503 come from the trigger, before a run; 502 and 504 come from a run that did not respond in time and may have posted.
    private static readonly StatusRow[] BeforeRun =
    [
        new(500, SendOutcome.Retry, SendReason.ServerError),
        new(503, SendOutcome.Retry, SendReason.ServiceUnavailable),
    ];

    private static readonly StatusTable Statuses = new(BeforeRun);

    // Services of Azure besides Logic Apps respond in the same form, so an unknown code is no reason to give up early.
    private static readonly StatusTable UnknownCode = new([.. StatusTable.UnknownCode(maxAttempts: null), .. BeforeRun]);

    // The flow ran, so its own response says nothing about whether it posted before.
    private static readonly StatusTable AfterRun = new(
        new(400, 428, SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
        new(430, 499, SendOutcome.Ambiguous, SendReason.UnexpectedResponse));

    /// <summary>
    /// The detail contains the error code, the status and the run id where there is one, but never the error's message, which may quote
    /// ours.
    /// </summary>
    public static SendResult Classify(ChatHttpResponse response, DetailScrubber scrubber)
    {
        if (response.Failure is { } failure)
            return failure;

        var runId = RunIdOf(response, scrubber);
        if (response.Status is >= 200 and <= 299)
            return SendResult.Delivered(runId);

        var code = CodeOf(response);
        var row = ErrorCodes.Find(code);
        var run = runId is null ? null : $"run {runId}";
        var detail = scrubber.Join(scrubber.Clean(code, MaxCodeLength), $"HTTP {response.Status}", row?.Advice, run);
        if (row is not null) return row.ToResult(response.RetryAfter, detail);
        var statuses = runId is not null ? AfterRun : code is null ? Statuses : UnknownCode;
        return statuses.Find(response.Status).ToResult(response.RetryAfter, detail);
    }

    /// <summary>
    /// True when the card was rejected for its size or shape before any run: nothing was posted, and a smaller card may be accepted. Any
    /// other rejection may come from the flow itself, which may have posted before.
    /// </summary>
    public static bool RejectsCard(ChatHttpResponse response)
    {
        if (response.Failure is not null || response.Status is >= 200 and <= 299 || !string.IsNullOrEmpty(response.Header)) return false;
        var code = CodeOf(response);
        return ErrorCodes.Find(code) is { } row
            ? row.Reason == SendReason.MessageTooLarge || SchemaMismatch.Equals(code, StringComparison.OrdinalIgnoreCase)
            : response.Status == 413;
    }

    private static string? CodeOf(ChatHttpResponse response)
    {
        using var json = ResponseJson.ParseObject(response.Body);
        return json?.RootElement.TryGetProperty("error", out var error) is true ? ResponseJson.TextOf(error, "code") : null;
    }

    // The id is stored and shown, so the format is checked, and an id that contains part of the URL is dropped.
    private static string? RunIdOf(ChatHttpResponse response, DetailScrubber scrubber) =>
        scrubber.Clean(response.Header, DetailScrubber.MaxLength) is { Length: > 0 and <= 64 } runId
        && runId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? runId
            : null;
}
