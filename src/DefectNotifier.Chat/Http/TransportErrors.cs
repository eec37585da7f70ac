using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// What an exception of the transport says about the message. The question is only whether the request can have left: what fails while connecting
/// is safe to repeat, what fails later may have been posted.
/// </summary>
internal static class TransportErrors
{
    /// <summary>The head of the answer came and said "success", the body that would prove it did not come whole.</summary>
    public static readonly SendResult ResponseCut = ConnectionLost(nameof(HttpRequestError.ResponseEnded));

    /// <summary>The time was up while there was no connection yet.</summary>
    public static readonly SendResult NotSentInTime = ConnectFailed("ConnectTimeout");

    /// <summary>
    /// Classifies an error that came before the head of a answer. The detail is the error's name only, as messages of exceptions hold addresses.
    /// </summary>
    public static SendResult Classify(Exception error)
    {
        if (Find<CertificateRejectedException>(error) is { } rejected)
            return new SendResult(SendOutcome.Parked, SendReason.TlsFailed) { Detail = rejected.Errors.ToString() };

        return error switch
        {
            HttpRequestException { HttpRequestError: var kind } => Classify(kind),
            // Only the handler's ConnectTimeout cancels without being asked to; it wraps a TimeoutException.
            OperationCanceledException { InnerException: TimeoutException } => ConnectFailed("ConnectTimeout"),
            _ => ConnectionLost(nameof(HttpRequestError.Unknown)),
        };
    }

    private static SendResult Classify(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError or
        HttpRequestError.ConnectionError or
        HttpRequestError.ProxyTunnelError or
        HttpRequestError.SecureConnectionError or
        HttpRequestError.VersionNegotiationError => ConnectFailed(error.ToString()),
        _ => ConnectionLost(error.ToString()),
    };

    private static SendResult ConnectFailed(string name) => new(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = name };

    private static SendResult ConnectionLost(string name) => new(SendOutcome.Ambiguous, SendReason.ConnectionLost) { Detail = name };

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
                return found;
        }

        return null;
    }
}
