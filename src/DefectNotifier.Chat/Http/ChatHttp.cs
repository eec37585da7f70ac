using System.Net.Http.Headers;
using System.Net.Security;
using System.Reflection;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Posts to chats over one shared pool of connections and tells what was answered, or what went wrong on the way. It follows no redirect (the
/// address is a secret that would be handed on), keeps no cookies, has no time limit of its own but 5 s for connecting, and repeats nothing.
/// </summary>
public sealed class ChatHttp : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent = new(
        "DefectNotifier",
        typeof(ChatHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private static readonly TimeSpan FailureBodyLimit = TimeSpan.FromSeconds(2);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;

    /// <param name="time">The clock that a <c>Retry-After</c> with a date is measured against.</param>
    public ChatHttp(TimeProvider time)
        : this(time, CreateHandler())
    {
    }

    /// <param name="time">As above.</param>
    /// <param name="handler">What sends in place of the usual connections; it is disposed of with this.</param>
    internal ChatHttp(TimeProvider time, HttpMessageHandler handler)
    {
        _time = time;
        // An invoker rather than an HttpClient: no timeout, no buffering, no base address that we would have to switch off.
        _invoker = new HttpMessageInvoker(handler);
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>
    /// Posts once. Throws <see cref="OperationCanceledException"/> only when the caller asked for it, and only when the body had begun to leave: before that nothing
    /// was posted, and it counts as a connection that was not made in time.
    /// </summary>
    internal async Task<ChatHttpOutcome> PostAsync(ChatHttpRequest request, CancellationToken cancellationToken)
    {
        var body = new RequestBody(request.Body);
        using var message = ToMessage(request, body);
        HttpResponseMessage response;
        try
        {
            response = await _invoker.SendAsync(message, cancellationToken);
        }
        catch (Exception error) when (IsTransportError(error, cancellationToken))
        {
            return ChatHttpOutcome.Failed(TransportErrors.Classify(error));
        }
        catch (OperationCanceledException) when (!body.HasLeft)
        {
            return ChatHttpOutcome.Failed(TransportErrors.NotSentInTime);
        }

        using (response)
        {
            var head = HeadOf(response, request);
            if (response.IsSuccessStatusCode)
                return ChatHttpOutcome.Received(request.IgnoresSuccessBody ? head : await WithBodyAsync(head, response, request.MaxResponseBytes, cancellationToken));

            // The head of a failure says most of it (a 429 with its time): a body that stalls must not turn it into "no answer".
            using var limit = new CancellationTokenSource(FailureBodyLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return ChatHttpOutcome.Received(await WithBodyAsync(head, response, request.MaxResponseBytes, either.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return ChatHttpOutcome.Received(head with { IsComplete = false });
            }
        }
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Null switches the handler's own spans off, not only their headers: a span would carry the address, and the path of a Slack webhook is
        // the secret.
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                errors is SslPolicyErrors.None ? true : throw new CertificateRejectedException(errors),
        },
    };

    private static HttpRequestMessage ToMessage(ChatHttpRequest request, RequestBody body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Address) { Content = body };
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        message.Headers.UserAgent.Add(UserAgent);
        if (request.Bearer is { } token)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());

        return message;
    }

    private static bool IsTransportError(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private ChatHttpResponse HeadOf(HttpResponseMessage response, ChatHttpRequest request)
    {
        // A date is meant by the clock of who wrote it.
        var now = response.Headers.Date ?? _time.GetUtcNow();
        return new ChatHttpResponse((int)response.StatusCode)
        {
            Drift = response.Headers.Date is { } theirs ? theirs - _time.GetUtcNow() : null,
            // Read as text: the typed header knows no fractions and forgets numbers that are too large.
            RetryAfter = response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
                ? values.Select(value => RetryAfter.Parse(value, now)).Max()
                : null,
            ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null,
            Header = request.ResponseHeader is { } name && response.Headers.NonValidated.TryGetValues(name, out var header) ? header.ToString() : null,
        };
    }

    private static async Task<ChatHttpResponse> WithBodyAsync(
        ChatHttpResponse head, HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        using var buffer = new ResponseBuffer(maxBytes);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (!buffer.IsFull && await body.ReadAsync(buffer.Free(), cancellationToken) is > 0 and var read)
                buffer.Advance(read);

            return head with { Body = buffer.Read(), IsCut = buffer.IsFull };
        }
        catch (Exception error) when (IsTransportError(error, cancellationToken))
        {
            // The status was heard, and it is most of the truth; the classifiers decide what a missing body costs.
            return head with { Body = buffer.Read(), IsComplete = false };
        }
    }
}
