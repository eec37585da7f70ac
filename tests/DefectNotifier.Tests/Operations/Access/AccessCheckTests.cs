using System.Net;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Access;

public sealed class AccessCheckTests
{
    private const string Everything = "secret of everyone 1";
    private const string Anna = "secret of anna 42";
    private const string Own = "http://127.0.0.1:8081";
    private const string Public = "https://console.example.com";

    private static readonly Uri Beyond = new("http://0.0.0.0:8081");

    private readonly Sessions _sessions = new(new FakeTimeProvider());
    private NotifierSettings _settings = new()
    {
        OperationsSecrets = [new Secret(Everything)],
        OperationsAccess = [new OperatorOptions("anna", new Secret(Anna), Permissions.Read | Permissions.Act)],
    };

    [Theory]
    [InlineData((int)Permissions.Read, null, "wrong-secret")]
    [InlineData((int)Permissions.Read, Everything + "x", "wrong-secret")]
    [InlineData((int)Permissions.Edit, Everything, null)]
    [InlineData((int)Permissions.Read, Anna, null)]
    [InlineData((int)Permissions.Act, Anna, null)]
    [InlineData((int)Permissions.Edit, Anna, "not-allowed")]
    [InlineData((int)Permissions.All, Anna, "not-allowed")]
    [InlineData((int)Permissions.None, null, null)]
    public void Check_Bearer_NeedsThePermissionOfTheEndpoint(int needed, string? secret, string? problem)
    {
        var context = Request("GET", (Permissions)needed);
        if (secret is not null) context.Request.Headers.Authorization = "Bearer " + secret;

        Assert.Equal(problem, Check(context)?.Code);
        if (problem is null && needed != 0) Assert.Equal(secret == Anna ? "anna" : null, context.Operator()!.Name);
    }

    [Fact]
    public void Check_EndpointWithoutARule_NeedsEverything()
    {
        var context = Request("GET", new Endpoint(null, EndpointMetadataCollection.Empty, "new"));
        context.Request.Headers.Authorization = "Bearer " + Anna;

        Assert.Equal("not-allowed", Check(context)!.Code);
    }

    [Fact]
    public void Check_NotAllowed_NamesWhatIsMissing()
    {
        var context = Request("GET", Permissions.Edit);
        context.Request.Headers.Authorization = "bearer " + Anna;

        Assert.Equal(
            "Operator anna may read and act, and this needs edit: see May in Operations:Access.", Check(context)!.Detail);
    }

    [Theory]
    [InlineData((int)Permissions.Read, false)]
    [InlineData((int)Permissions.None, false)]
    [InlineData((int)Permissions.None, true)]
    public void Check_BeyondLoopbackWithoutASecret_OnlyWhatIsAlwaysOpen(int needed, bool isAlwaysOpen)
    {
        _settings = new NotifierSettings { OperationsUrl = Beyond };

        var problem = Check(Request("GET", Endpoint(new AccessRule((Permissions)needed, isAlwaysOpen))));

        Assert.Equal(isAlwaysOpen ? null : "secret-needed", problem?.Code);
        if (problem is not null) Assert.Contains("Operations:Secrets", problem.Detail, StringComparison.Ordinal);
    }

    // The proxy's users reach it, too.
    [Theory]
    [InlineData(Public, "secret-needed")]
    [InlineData("http://localhost:9000", null)]
    public void Check_LoopbackBehindAProxyWithoutASecret_IsClosed(string publicUrl, string? problem)
    {
        _settings = new NotifierSettings { OperationsPublicUrl = new Uri(publicUrl) };

        Assert.Equal(problem, Check(Request("GET", Permissions.Read))?.Code);
        Assert.Equal(problem, Check(Request("POST", Permissions.Edit))?.Code);
    }

    [Theory]
    [InlineData("cross-site", "no-cors", "foreign-page")]
    [InlineData("same-site", "cors", "foreign-page")]
    [InlineData("cross-site", "navigate", null)]
    [InlineData("same-origin", "cors", null)]
    [InlineData("none", "navigate", null)]
    public void Check_ReadByABrowser_IsForItsOwnPagesAndLinks(string site, string mode, string? problem)
    {
        _settings = new NotifierSettings();
        var context = Request("GET", Permissions.Read);
        (context.Request.Headers["Sec-Fetch-Site"], context.Request.Headers["Sec-Fetch-Mode"]) = (site, mode);

        Assert.Equal(problem, Check(context)?.Code);
    }

    [Fact]
    public void Check_LoopbackWithoutASecret_EverythingIsAllowed()
    {
        _settings = new NotifierSettings();
        var context = Request("POST", Permissions.Edit);

        Assert.Null(Check(context));
        Assert.Equal(Operator.Unnamed, context.Operator());
    }

    [Theory]
    [InlineData(Own, "1", null, null)]
    [InlineData(Own, "1", "application/json", null)]
    [InlineData(Own, "1", "text/plain", "wrong-content-type")]
    [InlineData(Own, null, null, "header-needed")]
    [InlineData(null, "1", null, "foreign-origin")]
    [InlineData("null", "1", null, "foreign-origin")]
    [InlineData("https://127.0.0.1:8081", "1", null, "foreign-origin")]
    [InlineData("http://127.0.0.1:8080", "1", null, "foreign-origin")]
    [InlineData("https://evil.example", "1", null, "foreign-origin")]
    public void Check_ChangeWithACookie_NeedsOriginAndHeader(string? origin, string? header, string? type, string? problem)
    {
        foreach (var method in (string[])["POST", "DELETE", "PUT"])
        {
            var context = LoggedIn(method);
            if (origin is not null) context.Request.Headers.Origin = origin;
            if (header is not null) context.Request.Headers["X-Console"] = header;
            (context.Request.ContentType, context.Request.ContentLength) = (type, type is null ? 0 : 2);

            Assert.Equal(problem, Check(context)?.Code);
        }

        Assert.Null(Check(LoggedIn("GET")));
    }

    // A browser adds the origin also where it has no cookie: on loopback without a secret, and at the login.
    [Theory]
    [InlineData((int)Permissions.Act)]
    [InlineData((int)Permissions.None)]
    public void Check_ChangeFromABrowserWithoutACookie_NeedsOriginAndHeader(int needed)
    {
        _settings = new NotifierSettings();
        var (foreign, own) = (Request("POST", (Permissions)needed), Request("POST", (Permissions)needed));
        (foreign.Request.Headers.Origin, own.Request.Headers.Origin) = ("http://localhost:5000", Own);

        Assert.Equal("foreign-origin", Check(foreign)?.Code);
        Assert.Equal("header-needed", Check(own)?.Code);
        own.Request.Headers["X-Console"] = "1";
        Assert.Null(Check(own));
    }

    [Theory]
    [InlineData("console.example.com", null)]
    [InlineData("console.example.com:443", null)]
    [InlineData("CONSOLE.example.com", null)]
    [InlineData("127.0.0.1:8081", null)]
    [InlineData("[::1]:9000", null)]
    [InlineData("console.example.com:8081", "wrong-host")]
    [InlineData("evil.example", "wrong-host")]
    [InlineData("", "wrong-host")]
    public void Check_HostOnLoopback_IsALoopbackNameOrThePublicOne(string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(Public) };
        var context = Request("GET", Permissions.Read);
        context.Request.Headers.Authorization = "Bearer " + Anna;
        context.Request.Host = new HostString(host);
        // Anyone can send it.
        context.Request.Headers["X-Forwarded-Host"] = "127.0.0.1";

        Assert.Equal(problem, Check(context)?.Code);
    }

    [Theory]
    [InlineData(Public, "console.example.com", null)]
    [InlineData(Public, "127.0.0.1:8081", null)]
    [InlineData("http://console.example.com", "console.example.com", "foreign-origin")]
    [InlineData("https://console.example.com:8443", "console.example.com", "foreign-origin")]
    public void Check_OriginBehindAProxy_IsThePublicOne(string origin, string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(Public) };
        var context = LoggedIn("POST");
        (context.Request.Host, context.Request.Headers.Origin) = (new HostString(host), origin);
        context.Request.Headers["X-Console"] = "1";
        context.Request.Headers.Cookie = "__Host-dn=" + context.Request.Cookies["dn-8081"];

        Assert.Equal(problem, Check(context)?.Code);
    }

    [Theory]
    [InlineData("https://m\u00fcnchen.example", "https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example", null)]
    [InlineData("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example", "XN--mnchen-3ya.example:443", null)]
    [InlineData("https://m\u00fcnchen.example", "https://munchen.example", "xn--mnchen-3ya.example", "foreign-origin")]
    [InlineData("https://m\u00fcnchen.example", "https://xn--mnchen-3ya.example", "munchen.example", "wrong-host")]
    [InlineData("https://[2001:db8::1]", "https://[2001:db8::1]", "[2001:db8::1]", null)]
    public void Check_InternationalisedPublicUrl_IsComparedInItsAsciiForm(string publicUrl, string origin, string host, string? problem)
    {
        _settings = _settings with { OperationsPublicUrl = new Uri(publicUrl) };
        var context = LoggedIn("POST");
        (context.Request.Host, context.Request.Headers.Origin) = (new HostString(host), origin);
        context.Request.Headers["X-Console"] = "1";
        context.Request.Headers.Cookie = "__Host-dn=" + context.Request.Cookies["dn-8081"];

        Assert.Equal(problem, Check(context)?.Code);
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, true)]
    [InlineData("::ffff:127.0.0.1", null, null, true)]
    [InlineData("127.0.0.1", Public, null, false)]
    [InlineData("127.0.0.1", Public, Anna, true)]
    [InlineData("192.0.2.7", null, null, false)]
    [InlineData("192.0.2.7", null, Anna + "x", false)]
    [InlineData("192.0.2.7", null, Anna, true)]
    public void MaySeeNames_BeyondThisMachine_OnlyAfterALogin(string sender, string? publicUrl, string? secret, bool expected)
    {
        _settings = _settings with { OperationsUrl = Beyond, OperationsPublicUrl = publicUrl is null ? null : new Uri(publicUrl) };
        var context = Request("GET", Permissions.None);
        context.Connection.RemoteIpAddress = IPAddress.Parse(sender);
        if (secret is not null) context.Request.Headers.Authorization = "Bearer " + secret;

        Assert.Equal(expected, Access().MaySeeNames(context));
    }

    [Fact]
    public void MaySeeNames_BeyondLoopbackWithoutASecret_IsFalse()
    {
        _settings = new NotifierSettings { OperationsUrl = Beyond };
        var context = Request("GET", Permissions.None);
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");

        Assert.False(Access().MaySeeNames(context));
    }

    // Behind a published port, the browser's port is not the listener's.
    [Fact]
    public void Check_AnotherPublishedPort_IsTheSameOrigin()
    {
        _settings = _settings with { OperationsUrl = Beyond };
        var context = Request("POST", Permissions.Act);
        context.Connection.LocalIpAddress = IPAddress.Parse("172.17.0.2");
        context.Request.Host = new HostString("192.0.2.1:9000");
        context.Request.Headers.Authorization = "Bearer " + Anna;
        context.Request.Headers.Origin = "http://192.0.2.1:9000";
        context.Request.Headers["X-Console"] = "1";

        Assert.Null(Check(context));
    }

    [Fact]
    public void Check_SecretOfTheSessionIsChanged_EndsIt()
    {
        var context = LoggedIn("GET");
        Assert.Null(Check(context));
        var before = _settings;

        _settings = _settings with { OperationsAccess = [_settings.OperationsAccess[0] with { Secret = new Secret("another secret 17") }] };
        Assert.Equal("wrong-secret", Check(context)?.Code);
        _settings = before;
        Assert.Equal("wrong-secret", Check(context)?.Code);
    }

    [Fact]
    public void Check_PermissionsAreChanged_AppliesToTheSession()
    {
        var context = LoggedIn("GET", Permissions.Act);
        Assert.Null(Check(context));

        _settings = _settings with { OperationsAccess = [_settings.OperationsAccess[0] with { May = Permissions.Read }] };

        Assert.Equal("not-allowed", Check(context)?.Code);
        Assert.False(Access().StillMay(context.Request, Permissions.Act));
        Assert.True(Access().StillMay(context.Request, Permissions.Read));
    }

    [Fact]
    public void StillMay_Logout_EndsIt()
    {
        var context = LoggedIn("GET");
        Assert.True(Access().StillMay(context.Request, Permissions.Read));

        _sessions.Close(context.Request.Cookies["dn-8081"]!);

        Assert.False(Access().StillMay(context.Request, Permissions.Read));
    }

    private static Endpoint Endpoint(AccessRule rule) => new(null, new EndpointMetadataCollection(rule), "test");

    private static DefaultHttpContext Request(string method, Permissions needed) => Request(method, Endpoint(new AccessRule(needed)));

    private static DefaultHttpContext Request(string method, Endpoint endpoint)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Host) = (method, new HostString("127.0.0.1:8081"));
        context.Connection.LocalIpAddress = IPAddress.Loopback;
        context.SetEndpoint(endpoint);
        return context;
    }

    private DefaultHttpContext LoggedIn(string method, Permissions needed = Permissions.Read)
    {
        var context = Request(method, needed);
        context.Request.Headers.Cookie = "dn-8081=" + _sessions.Open(SecretCheck.Digest(Anna));
        return context;
    }

    private AccessCheck Access() => new(() => _settings, () => new OperatorSecrets(_settings), _sessions);

    private Problem? Check(HttpContext context) => Access().Check(context);
}
