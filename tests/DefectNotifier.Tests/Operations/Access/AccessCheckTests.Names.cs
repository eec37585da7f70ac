using System.Net;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;

namespace DefectNotifier.Tests.Operations.Access;

/// <content>Under which names the service is addressed, and from where.</content>
public sealed partial class AccessCheckTests
{
    [Theory]
    [InlineData("console.example.com", null)]
    [InlineData("console.example.com:443", null)]
    [InlineData("CONSOLE.example.com", null)]
    [InlineData("127.0.0.1:8081", null)]
    [InlineData("[::1]:9000", null)]
    [InlineData("console.example.com:8081", "wrong-host")]
    [InlineData("evil.example", "wrong-host")]
    [InlineData("", "wrong-host")]
    public async Task Check_HostOnLoopback_IsALoopbackNameOrThePublicOne(string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(Public) };
        var context = Request("GET", Permissions.Read);
        context.Request.Headers.Authorization = "Bearer " + Anna;
        context.Request.Host = new HostString(host);
        // Anyone can send it.
        context.Request.Headers["X-Forwarded-Host"] = "127.0.0.1";

        Assert.Equal(problem, (await CheckAsync(context))?.Code);
    }

    [Theory]
    [InlineData(Public, "console.example.com", null)]
    [InlineData(Public, "127.0.0.1:8081", null)]
    [InlineData("http://console.example.com", "console.example.com", "foreign-origin")]
    [InlineData("https://console.example.com:8443", "console.example.com", "foreign-origin")]
    public async Task Check_OriginBehindAProxy_IsThePublicOne(string origin, string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(Public) };
        var context = await LoggedInAsync("POST");
        (context.Request.Host, context.Request.Headers.Origin) = (new HostString(host), origin);
        context.Request.Headers["X-Console"] = "1";
        context.Request.Headers.Cookie = "__Host-dn=" + context.Request.Cookies["dn-8081"];

        Assert.Equal(problem, (await CheckAsync(context))?.Code);
    }

    [Theory]
    [InlineData("https://m\u00fcnchen.example", "https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example", null)]
    [InlineData("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example", "XN--mnchen-3ya.example:443", null)]
    [InlineData("https://m\u00fcnchen.example", "https://munchen.example", "xn--mnchen-3ya.example", "foreign-origin")]
    [InlineData("https://m\u00fcnchen.example", "https://xn--mnchen-3ya.example", "munchen.example", "wrong-host")]
    [InlineData("https://[2001:db8::1]", "https://[2001:db8::1]", "[2001:db8::1]", null)]
    public async Task Check_InternationalisedPublicUrl_IsComparedInItsAsciiForm(
        string publicUrl, string origin, string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(publicUrl) };
        var context = await LoggedInAsync("POST");
        (context.Request.Host, context.Request.Headers.Origin) = (new HostString(host), origin);
        context.Request.Headers["X-Console"] = "1";
        context.Request.Headers.Cookie = "__Host-dn=" + context.Request.Cookies["dn-8081"];

        Assert.Equal(problem, (await CheckAsync(context))?.Code);
    }

    [Theory]
    [InlineData("xn--")]
    [InlineData("xn--zzzzzz99999:8081")]
    public async Task Check_HostThatCanNotBeDecoded_IsRefused(string host)
    {
        var context = Request("GET", Permissions.None);
        context.Request.Headers.Host = host;

        Assert.Equal((400, "wrong-host"), await CheckAsync(context) is { } problem ? (problem.Status, problem.Code) : default);
    }

    [Theory]
    [InlineData("127.0.0.1", "192.0.2.1", null, null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", null, null, true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", null, null, true)]
    [InlineData("127.0.0.1", "127.0.0.1", Public, null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", Public, Anna, true)]
    [InlineData("192.0.2.7", "127.0.0.1", null, null, false)]
    [InlineData("192.0.2.7", "127.0.0.1", null, Anna + "x", false)]
    [InlineData("192.0.2.7", "127.0.0.1", null, Anna, true)]
    public async Task MaySeeNames_BeyondThisMachine_OnlyAfterALogin(
        string sender, string here, string? publicUrl, string? secret, bool expected)
    {
        _settings = _settings with { OperationsUrl = Beyond, OperationsPublicUrl = publicUrl is null ? null : new Uri(publicUrl) };
        var context = Request("GET", Permissions.None);
        // From this machine, a connection to an address of the network can be that of a proxy.
        (context.Connection.RemoteIpAddress, context.Connection.LocalIpAddress) = (IPAddress.Parse(sender), IPAddress.Parse(here));
        if (secret is not null) context.Request.Headers.Authorization = "Bearer " + secret;

        Assert.Equal(expected, await Access().MaySeeNamesAsync(context));
    }

    [Fact]
    public async Task MaySeeNames_BeyondLoopbackWithoutASecret_IsFalse()
    {
        _settings = new NotifierSettings { OperationsUrl = Beyond };
        var context = Request("GET", Permissions.None);
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");

        Assert.False(await Access().MaySeeNamesAsync(context));
    }

    // Behind a published port, the browser's port is not the listener's.
    [Fact]
    public async Task Check_AnotherPublishedPort_IsTheSameOrigin()
    {
        _settings = _settings with { OperationsUrl = Beyond };
        var context = Request("POST", Permissions.Act);
        context.Connection.LocalIpAddress = IPAddress.Parse("172.17.0.2");
        context.Request.Host = new HostString("192.0.2.1:9000");
        context.Request.Headers.Authorization = "Bearer " + Anna;
        context.Request.Headers.Origin = "http://192.0.2.1:9000";
        context.Request.Headers["X-Console"] = "1";

        Assert.Null(await CheckAsync(context));
    }
}
