using System.Net;
using System.Text;

namespace DefectNotifier.Tests.Http;

/// <summary>A chat without a network: responds to each request by its path and body.</summary>
internal sealed class RespondingHandler(Func<string, string, (int Status, string Body)> respond) : HttpMessageHandler
{
    /// <summary>The bodies of all requests, in order.</summary>
    public List<string> Bodies { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = await request.Content!.ReadAsStringAsync(cancellationToken);
        Bodies.Add(sent);
        var (status, body) = respond(request.RequestUri!.AbsolutePath, sent);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
    }
}
