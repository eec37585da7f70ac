using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Classifies transport exceptions by one question: can the request have been sent? An error while connecting is safe to retry; after a
/// later error the message may have been posted.
/// </summary>
internal static class TransportErrors
{
    /// <summary>The status reported success, but the connection broke before the body that proves it was complete.</summary>
    public static readonly SendResult ResponseIncomplete = ConnectionLost(nameof(HttpRequestError.ResponseEnded));

    /// <summary>The attempt timed out before a connection was made.</summary>
    public static readonly SendResult NotSentInTime = ConnectFailed("ConnectTimeout");

    /// <summary>
    /// Classifies an error before the response headers. The detail is only the name of the error, because exception messages contain URLs.
    /// </summary>
    public static SendResult Classify(Exception error)
    {
        if (Find<CertificateRejectedException>(error) is { } rejected)
            return new SendResult(SendOutcome.Parked, SendReason.TlsFailed) { Detail = rejected.Errors.ToString() };

        return error switch
        {
            HttpRequestException { HttpRequestError: var kind } => Classify(kind, error),
            // Only the handler's ConnectTimeout cancels without our token; it wraps a TimeoutException.
            OperationCanceledException { InnerException: TimeoutException } => ConnectFailed("ConnectTimeout"),
            _ => ConnectionLost(nameof(HttpRequestError.Unknown)),
        };
    }

    private static SendResult Classify(HttpRequestError kind, Exception error) => kind switch
    {
        // For example ConnectionRefused or NetworkUnreachable.
        HttpRequestError.ConnectionError when Find<SocketException>(error) is { } socket =>
            ConnectFailed(socket.SocketErrorCode.ToString()),
        HttpRequestError.NameResolutionError or
        HttpRequestError.ConnectionError or
        HttpRequestError.ProxyTunnelError or
        HttpRequestError.SecureConnectionError or
        HttpRequestError.VersionNegotiationError => ConnectFailed(kind.ToString()),
        _ => ConnectionLost(kind.ToString()),
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

/// <summary>
/// The server's certificate is not trusted. Thrown by our validation callback, because the framework's own exception does not distinguish
/// this from a broken handshake.
/// </summary>
internal sealed class CertificateRejectedException(SslPolicyErrors errors)
    : AuthenticationException($"The certificate was rejected: {errors}.")
{
    public SslPolicyErrors Errors { get; } = errors;
}
