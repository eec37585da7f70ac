using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Checking;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Commands.Checking;

public sealed class OnlineCheckTests
{
    private const string AllScopes = "x-oauth-scopes: chat:write, channels:history,channels:read";
    private const string Member = """{"ok":true,"channel":{"id":"C1","is_member":true,"is_archived":false}}""";

    /// <summary>The codes that only --online reports.</summary>
    public static readonly IReadOnlyList<string> Codes =
        ["slack-token", "slack-channel", "slack-scope", "slack-lookup", "qase-token", "unreachable", "database-risk"];

    [Theory]
    [InlineData(null, """{"ok":true}""", AllScopes, Member)]
    [InlineData("slack-token", """{"ok":false,"error":"invalid_auth"}""", AllScopes, Member)]
    [InlineData("slack-token", "<html>", AllScopes, Member)]
    [InlineData("slack-scope", """{"ok":true}""", "x-oauth-scopes: channels:history,channels:read", Member)]
    [InlineData("slack-lookup", """{"ok":true}""", "x-oauth-scopes: chat:write,channels:read", Member)]
    [InlineData("slack-lookup", """{"ok":true}""", "x-oauth-scopes: chat:write,channels:history", Member)]
    [InlineData("slack-lookup", """{"ok":true}""", AllScopes, """{"ok":false,"error":"missing_scope"}""")]
    [InlineData("slack-channel", """{"ok":true}""", AllScopes, """{"ok":false,"error":"channel_not_found"}""")]
    [InlineData("slack-channel", """{"ok":true}""", AllScopes, """{"ok":true,"channel":{"is_member":false}}""")]
    [InlineData("slack-channel", """{"ok":true}""", AllScopes, """{"ok":true,"channel":{"is_member":true,"is_archived":true}}""")]
    [InlineData(null, """{"ok":true}""", "x-other: y", Member)]
    public async Task Check_SlackResponse_ReportsWhatIsMissing(string? code, string auth, string scopes, string channel)
    {
        await using var slack = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, auth, scopes), Scripts.Response(200, channel, scopes)));

        var findings = await CheckAsync(Bot(slack.Address));

        Assert.Equal(code is null ? [] : [code], findings.Select(finding => finding.Code.Word()));
        Assert.All(findings, finding => Assert.DoesNotContain("xoxb-", finding.ToString(), StringComparison.Ordinal));
        Assert.All(
            slack.Requests,
            request => Assert.Contains("application/x-www-form-urlencoded", (request.Head + request.Body), StringComparison.Ordinal));
        Assert.DoesNotContain(slack.Requests, request => (request.Head + request.Body).Contains("chat.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_NoServer_IsUnreachable()
    {
        var gone = new Uri("http://127.0.0.1:9/");

        var findings = await CheckAsync(Bot(gone), Webhook(gone));

        Assert.Equal(["unreachable", "unreachable"], findings.Select(finding => finding.Code.Word()));
        Assert.All(findings, finding => Assert.DoesNotContain("SECRET", finding.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_Webhook_IsNotRequestedAtItsUrl()
    {
        await using var chat = new ScriptedServer(Scripts.Answers(Scripts.Response(404, "")));

        var findings = await CheckAsync(Webhook(chat.Address));

        Assert.Empty(findings);
        Assert.DoesNotContain("SECRET", Assert.Single(chat.Requests).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoResponse_EndsWithTheTimeout()
    {
        await using var slack = new ScriptedServer(Scripts.Silence);

        var findings = await CheckAsync(Bot(slack.Address) with { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(["unreachable"], findings.Select(finding => finding.Code.Word()));
    }

    [Theory]
    [InlineData(200, """{"status":true,"result":{"entities":[]}}""", null)]
    [InlineData(429, "", null)]
    [InlineData(401, """{"status":false,"errorMessage":"Unauthorized"}""", "qase-token")]
    [InlineData(403, "{}", "qase-token")]
    [InlineData(403, "<html>", "unreachable")]
    [InlineData(502, "", "unreachable")]
    [InlineData(200, "<html>", "unreachable")]
    public async Task CheckQase_EachResponse_ReportsWhetherTheTokenIsAccepted(int status, string body, string? code)
    {
        await using var qase = new ScriptedServer(Scripts.Answers(Scripts.Response(status, body)));
        var options = new QaseApiOptions { ApiUrl = qase.Address, Token = new Secret("qase-token-1f6a") };

        var findings = await QaseProbe.CheckAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(code is null ? [] : [code], findings.Select(finding => finding.Code.Word()));
        Assert.All(findings, finding => Assert.DoesNotContain("1f6a", finding.ToString(), StringComparison.Ordinal));
        Assert.StartsWith("GET /user?limit=1 ", Assert.Single(qase.Requests).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckQase_NoToken_FindsNothing() =>
        Assert.Empty(await QaseProbe.CheckAsync(new QaseApiOptions(), TimeProvider.System, TestContext.Current.CancellationToken));

    private static async Task<IReadOnlyList<Finding>> CheckAsync(params DestinationOptions[] destinations)
    {
        using var http = new ChatHttp(TimeProvider.System);
        return await new OnlineCheck(options => Chat.DestinationTypes.SlackApiOf(http, options), TimeProvider.System).CheckAsync(
            destinations, TestContext.Current.CancellationToken);
    }

    private static DestinationOptions Bot(Uri address) => new()
    {
        Name = "web",
        Type = "slack",
        Channel = "C1",
        Token = new Secret("xoxb-1-x"),
        ApiUrl = address.ToString(),
    };

    private static DestinationOptions Webhook(Uri address) => new()
    {
        Name = "hook",
        Type = "slack-webhook",
        Url = new Secret(new Uri(address, "/services/SECRET").ToString()),
    };
}
