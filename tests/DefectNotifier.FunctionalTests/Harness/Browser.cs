using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Sends an operator's requests as the console does in a browser.</summary>
internal sealed class Browser(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    /// <summary>Where requests go: another node, as a proxy would choose it. The browser does not see it.</summary>
    public Uri Address { get; set; } = address;

    public string Host { get; set; } = address.Authority;

    public string Origin { get; set; } = address.GetLeftPart(UriPartial.Authority);

    /// <summary>The last Set-Cookie.</summary>
    public string LastCookie { get; private set; } = "";

    public async Task<HttpResponseMessage> SendAsync(string method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path));
        request.Headers.Host = Host;
        if (LastCookie.Length > 0) request.Headers.Add("Cookie", LastCookie.Split(';')[0]);
        if (method != "GET")
        {
            request.Headers.Add("Origin", Origin);
            request.Headers.Add("X-Console", "1");
        }

        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies)) LastCookie = cookies.Last();
        return response;
    }

    public async Task<int> StatusAsync(string method, string path, JsonObject? body = null)
    {
        using var response = await SendAsync(method, path, body);
        return (int)response.StatusCode;
    }

    public async Task<JsonNode> JsonAsync(string method, string path, JsonObject? body = null)
    {
        using var response = await SendAsync(method, path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public void Dispose() => _http.Dispose();
}
