using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Reflection;
using System.Text;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Sends POST requests to chats over one shared connection pool and reports the response or the transport error. It follows no redirects
/// (the URL is a secret and must not reach another server), keeps no cookies, never retries, and has no timeout besides 5 s for connecting.
/// </summary>
public sealed class ChatHttp : IDisposable
{
    private const int InitialBufferSize = 16 * 1024;

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "DefectNotifier",
        typeof(ChatHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private static readonly TimeSpan ErrorBodyTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;

    /// <param name="time">The clock for <c>Retry-After</c> headers that contain a date.</param>
    public ChatHttp(TimeProvider time)
        : this(time, CreateHandler())
    {
    }

    /// <param name="time">The clock for <c>Retry-After</c> headers that contain a date.</param>
    /// <param name="handler">Replaces the connection pool; disposed together with this object.</param>
    internal ChatHttp(TimeProvider time, HttpMessageHandler handler)
    {
        _time = time;
        // HttpMessageInvoker instead of HttpClient: it has no timeout and no response buffering that we would have to switch off.
        _invoker = new HttpMessageInvoker(handler);
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>
    /// Sends one request. Throws <see cref="OperationCanceledException"/> only when the caller cancels after the body began to be sent;
    /// before that nothing can have been posted, so the result is a failed connection.
    /// </summary>
    internal async Task<ChatHttpResponse> PostAsync(ChatHttpRequest request, CancellationToken cancellationToken)
    {
        var body = new RequestBody(request.Body);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Address) { Content = body };
        message.Headers.UserAgent.Add(UserAgent);
        if (request.Bearer is { } token) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        HttpResponseMessage response;
        try
        {
            response = await _invoker.SendAsync(message, cancellationToken);
        }
        catch (Exception error) when (IsTransportError(error, cancellationToken))
        {
            return ChatHttpResponse.Failed(TransportErrors.Classify(error));
        }
        catch (OperationCanceledException) when (!body.IsStarted)
        {
            return ChatHttpResponse.Failed(TransportErrors.NotSentInTime);
        }

        using (response)
        {
            var head = HeadOf(response, request);
            if (response.IsSuccessStatusCode)
            {
                return request.IgnoresSuccessBody
                    ? head
                    : await WithBodyAsync(head, response, request.MaxResponseBytes, cancellationToken);
            }

            // The status line and headers of an error (such as Retry-After) are what matters: a stalled body must not turn them into a
            // timeout.
            using var limit = new CancellationTokenSource(ErrorBodyTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return await WithBodyAsync(head, response, request.MaxResponseBytes, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return head with { IsComplete = false };
            }
        }
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Null disables the handler's own spans and not only their headers: a span contains the URL, and the path of a Slack webhook URL is
        // the secret.
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                errors is SslPolicyErrors.None ? true : throw new CertificateRejectedException(errors),
        },
    };

    private static bool IsTransportError(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private ChatHttpResponse HeadOf(HttpResponseMessage response, ChatHttpRequest request)
    {
        // A Retry-After date refers to the server's clock, so it is compared with the server's Date header where there is one.
        var now = response.Headers.Date ?? _time.GetUtcNow();
        return new ChatHttpResponse((int)response.StatusCode)
        {
            Drift = response.Headers.Date is { } theirs ? theirs - _time.GetUtcNow() : null,
            // Read as text: the typed header rejects fractions and drops numbers that are too large.
            RetryAfter = response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
                ? values.Select(value => RetryAfter.Parse(value, now)).Max()
                : null,
            ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null,
            Header = request.ResponseHeader is { } name && response.Headers.NonValidated.TryGetValues(name, out var header)
                ? header.ToString()
                : null,
        };
    }

    private static async Task<ChatHttpResponse> WithBodyAsync(
        ChatHttpResponse head, HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        // Most bodies are one line, so the buffer starts small and doubles. On cancellation it is left to the garbage collector.
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(InitialBufferSize, maxBytes));
        var length = 0;
        var isComplete = false;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (length < maxBytes)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * length, maxBytes));
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await body.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, maxBytes) - length), cancellationToken);
                if (read == 0) break;
                length += read;
            }

            isComplete = true;
        }
        catch (Exception error) when (IsTransportError(error, cancellationToken))
        {
            // The status is known; each classifier decides what an incomplete body means.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return head with { Body = text, IsComplete = isComplete, IsTruncated = isComplete && length == maxBytes };
    }

    /// <summary>A request body that records whether sending it has begun: until then nothing can have been posted.</summary>
    private sealed class RequestBody(ReadOnlyMemory<byte> bytes) : HttpContent
    {
        private volatile bool _isStarted;

        public bool IsStarted => _isStarted;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _isStarted = true;
            await stream.WriteAsync(bytes, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
