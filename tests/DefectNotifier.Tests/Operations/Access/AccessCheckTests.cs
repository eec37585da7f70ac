using System.Net;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Access;

public sealed partial class AccessCheckTests
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
