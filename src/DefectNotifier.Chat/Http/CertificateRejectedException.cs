using System.Net.Security;
using System.Security.Authentication;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// The server's certificate is not trusted. Thrown by our validation callback, because the framework's own exception can't be told from that of
/// a handshake which was cut or garbled.
/// </summary>
internal sealed class CertificateRejectedException(SslPolicyErrors errors) : AuthenticationException($"The certificate was rejected: {errors}.")
{
    public SslPolicyErrors Errors { get; } = errors;
}
