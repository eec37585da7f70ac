using System.Net;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Tests.Outbox;
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

    private readonly ScriptedSessions _sessions = new(new FakeTimeProvider());
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
    public async Task Check_Bearer_NeedsThePermissionOfTheEndpoint(int needed, string? secret, string? problem)
    {
        var context = Request("GET", (Permissions)needed);
        if (secret is not null) context.Request.Headers.Authorization = "Bearer " + secret;

        Assert.Equal(problem, (await CheckAsync(context))?.Code);
        if (problem is null && needed != 0) Assert.Equal(secret == Anna ? "anna" : null, context.Operator()!.Name);
    }

    [Fact]
    public async Task Check_EndpointWithoutARule_NeedsEverything()
    {
        var context = Request("GET", new Endpoint(null, EndpointMetadataCollection.Empty, "new"));
        context.Request.Headers.Authorization = "Bearer " + Anna;

        Assert.Equal("not-allowed", (await CheckAsync(context))!.Code);
    }

    [Fact]
    public async Task Check_NotAllowed_NamesWhatIsMissing()
    {
        var context = Request("GET", Permissions.Edit);
        context.Request.Headers.Authorization = "bearer " + Anna;

        Assert.Equal(
            "Operator anna may read and act, and this needs edit: see May in Operations:Access.", (await CheckAsync(context))!.Detail);
    }

    [Theory]
    [InlineData((int)Permissions.Read, false)]
    [InlineData((int)Permissions.None, false)]
    [InlineData((int)Permissions.None, true)]
    public async Task Check_BeyondLoopbackWithoutASecret_OnlyWhatIsAlwaysOpen(int needed, bool isAlwaysOpen)
    {
        _settings = new NotifierSettings { OperationsUrl = Beyond };

        var problem = await CheckAsync(Request("GET", Endpoint(new AccessRule((Permissions)needed, isAlwaysOpen))));

        Assert.Equal(isAlwaysOpen ? null : "secret-needed", problem?.Code);
        if (problem is not null) Assert.Contains("Operations:Secrets", problem.Detail, StringComparison.Ordinal);
    }

    // The proxy's users reach it, too.
    [Theory]
    [InlineData(Public, "secret-needed")]
    [InlineData("http://localhost:9000", null)]
    public async Task Check_LoopbackBehindAProxyWithoutASecret_IsClosed(string publicUrl, string? problem)
    {
        _settings = new NotifierSettings { OperationsPublicUrl = new Uri(publicUrl) };

        Assert.Equal(problem, (await CheckAsync(Request("GET", Permissions.Read)))?.Code);
        Assert.Equal(problem, (await CheckAsync(Request("POST", Permissions.Edit)))?.Code);
    }

    [Theory]
    [InlineData("cross-site", "no-cors", "foreign-page")]
    [InlineData("same-site", "cors", "foreign-page")]
    [InlineData("cross-site", "navigate", null)]
    [InlineData("same-origin", "cors", null)]
    [InlineData("none", "navigate", null)]
    public async Task Check_ReadByABrowser_IsForItsOwnPagesAndLinks(string site, string mode, string? problem)
    {
        _settings = new NotifierSettings();
        var context = Request("GET", Permissions.Read);
        (context.Request.Headers["Sec-Fetch-Site"], context.Request.Headers["Sec-Fetch-Mode"]) = (site, mode);

        Assert.Equal(problem, (await CheckAsync(context))?.Code);
    }

    [Fact]
    public async Task Check_LoopbackWithoutASecret_EverythingIsAllowed()
    {
        _settings = new NotifierSettings();
        var context = Request("POST", Permissions.Edit);

        Assert.Null(await CheckAsync(context));
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
    public async Task Check_ChangeWithACookie_NeedsOriginAndHeader(string? origin, string? header, string? type, string? problem)
    {
        foreach (var method in (string[])["POST", "DELETE", "PUT"])
        {
            var context = await LoggedInAsync(method);
            if (origin is not null) context.Request.Headers.Origin = origin;
            if (header is not null) context.Request.Headers["X-Console"] = header;
            (context.Request.ContentType, context.Request.ContentLength) = (type, type is null ? 0 : 2);

            Assert.Equal(problem, (await CheckAsync(context))?.Code);
        }

        Assert.Null(await CheckAsync(await LoggedInAsync("GET")));
    }

    // A browser adds the origin also where it has no cookie: on loopback without a secret, and at the login.
    [Theory]
    [InlineData((int)Permissions.Act)]
    [InlineData((int)Permissions.None)]
    public async Task Check_ChangeFromABrowserWithoutACookie_NeedsOriginAndHeader(int needed)
    {
        _settings = new NotifierSettings();
        var (foreign, own) = (Request("POST", (Permissions)needed), Request("POST", (Permissions)needed));
        (foreign.Request.Headers.Origin, own.Request.Headers.Origin) = ("http://localhost:5000", Own);

        Assert.Equal("foreign-origin", (await CheckAsync(foreign))?.Code);
        Assert.Equal("header-needed", (await CheckAsync(own))?.Code);
        own.Request.Headers["X-Console"] = "1";
        Assert.Null(await CheckAsync(own));
    }

    [Fact]
    public async Task Check_SecretOfTheSessionIsChanged_EndsIt()
    {
        var context = await LoggedInAsync("GET");
        Assert.Null(await CheckAsync(context));
        var before = _settings;

        _settings = _settings with { OperationsAccess = [_settings.OperationsAccess[0] with { Secret = new Secret("another secret 17") }] };
        Assert.Equal("wrong-secret", (await CheckAsync(context))?.Code);
        _settings = before;
        Assert.Equal("wrong-secret", (await CheckAsync(context))?.Code);
    }

    [Fact]
    public async Task Check_PermissionsAreChanged_AppliesToTheSession()
    {
        var context = await LoggedInAsync("GET", Permissions.Act);
        Assert.Null(await CheckAsync(context));

        _settings = _settings with { OperationsAccess = [_settings.OperationsAccess[0] with { May = Permissions.Read }] };

        Assert.Equal("not-allowed", (await CheckAsync(context))?.Code);
        Assert.False(await Access().StillMayAsync(context, Permissions.Act));
        Assert.True(await Access().StillMayAsync(context, Permissions.Read));
    }

    [Fact]
    public async Task StillMay_Logout_EndsIt()
    {
        var context = await LoggedInAsync("GET");
        Assert.True(await Access().StillMayAsync(context, Permissions.Read));

        await _sessions.RemoveAsync(SessionCookie.Find(context.Request)!.Hash);

        Assert.False(await Access().StillMayAsync(context, Permissions.Read));
    }

    // Neither a logout nor an access.
    [Fact]
    public async Task Check_SessionCanNotBeRead_ThrowsWhereALoginIsNeeded()
    {
        var (reads, opens) = (await LoggedInAsync("GET"), await LoggedInAsync("GET", Permissions.None));
        _sessions.Error = new OutboxUnavailableException("gone");

        await Assert.ThrowsAsync<OutboxUnavailableException>(() => CheckAsync(reads));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => Access().StillMayAsync(reads, Permissions.Read));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => Access().FindAsync(opens));
        Assert.Null(await CheckAsync(opens));
        Assert.False(await Access().MaySeeNamesAsync(opens));
        reads.Request.Headers.Authorization = "Bearer " + Anna;
        Assert.Null(await CheckAsync(reads));

        _sessions.Error = null;
        Assert.Equal("anna", (await Access().FindAsync(opens))!.Name);
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

    private async Task<DefaultHttpContext> LoggedInAsync(string method, Permissions needed = Permissions.Read)
    {
        var context = Request(method, needed);
        var token = SessionToken.Create();
        await _sessions.AddAsync(new Session(token.Hash, token.FingerprintOf(SecretCheck.Digest(Anna)), "anna"));
        context.Request.Headers.Cookie = "dn-8081=" + token.Text;
        return context;
    }

    private AccessCheck Access() => new(() => _settings, () => new OperatorSecrets(_settings), _sessions);

    private Task<Problem?> CheckAsync(HttpContext context) => Access().CheckAsync(context);
}
