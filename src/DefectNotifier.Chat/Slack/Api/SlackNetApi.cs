using System.Net.Http.Headers;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using SlackNet;

namespace DefectNotifier.Chat.Slack.Api;

/// <summary>
/// Slack's Web API through SlackNet; compiled only with <c>-p:UseSlackNet=true</c>. SlackNet's client makes the request and adds the token.
/// Sending and reading are plugged in as its <see cref="IHttp"/>, because its own takes a 200 without JSON for success, waits by itself
/// when Slack limits it, fails without <c>Retry-After</c>, and does not return the response.
/// </summary>
/// <param name="http">The shared connection pool.</param>
/// <param name="baseAddress">Ends with a slash; Slack's is <c>https://slack.com/api/</c>.</param>
/// <param name="token">The bot token.</param>
internal sealed class SlackNetApi(ChatHttp http, Uri baseAddress, Secret token) : ISlackApi
{
    private static readonly SlackJsonSettings JsonSettings = Default.JsonSettings();

    public async Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var transport = new Transport(http, SlackMethod.Named(method).Request(new Uri(baseAddress, method), json, token: null));
        var client = new SlackNet.SlackApiClient(transport, new MethodUrls(baseAddress), JsonSettings, token.Reveal())
        {
            DisableRetryOnRateLimit = true,
        };
        await client.Post<object>(method, [], transport.Content, cancellationToken);
        return transport.Response;
    }

    /// <summary>The URL of a method; ours has no arguments in it.</summary>
    private sealed class MethodUrls(Uri baseAddress) : ISlackUrlBuilder
    {
        public string Url(string apiMethod, Dictionary<string, object> args) => new Uri(baseAddress, apiMethod).AbsoluteUri;
    }

    /// <summary>Sends one call over the shared connection pool and keeps its response.</summary>
    /// <param name="http">The shared connection pool.</param>
    /// <param name="call">The call without its token.</param>
    private sealed class Transport(ChatHttp http, ChatHttpRequest call) : IHttp
    {
        /// <summary>The body, which SlackNet puts into its request as it is.</summary>
        public HttpContent Content { get; } = new ReadOnlyMemoryContent(call.Body)
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse(call.ContentType) },
        };

        public SlackResponse Response { get; private set; } = new();

        /// <returns>
        /// Always null, which SlackNet takes for a success without data: then it throws nothing, and <see cref="Response"/> has more than
        /// its exceptions would.
        /// </returns>
        public async Task<T> Execute<T>(HttpRequestMessage requestMessage, CancellationToken cancellationToken = default)
        {
            using (requestMessage)
            {
                var request = call with
                {
                    Address = requestMessage.RequestUri!,
                    Bearer = Secret.From(requestMessage.Headers.Authorization?.Parameter),
                };
                Response = SlackApiClient.Read(await http.PostAsync(request, cancellationToken));
            }

            return default!;
        }
    }
}
