using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Teams;

public sealed class TeamsDestinationTypeTests : IDisposable
{
    private const string Path = "/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1";

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("https://a.01.environment.api.powerplatform.com:443" + Path + "&sp=%2Ftriggers&sv=1.0&sig=abc")]
    [InlineData("https://prod-01.westus.logic.azure.com:443/workflows/1/triggers/manual/invoke?api-version=2016-06-01&sp=a&sv=1.0&sig=abc")]
    [InlineData("https://PROD-01.westus.LOGIC.azure.com/x?api-version=1&sp=a&sv=1.0&sig=abc")]
    [InlineData("http://127.0.0.1:9/anything")]
    [InlineData("https://localhost:9/anything")]
    [InlineData("https://flows.example.com/anything")]
    [InlineData("https://example.com/anything")]
    [InlineData("https://a.gateway.test/anything")]
    public void Validate_ValidUrl_HasNoError(string url) => Assert.Empty(Validate(url, "example.com", ".gateway.test"));

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("http://a.01.environment.api.powerplatform.com/LEAK?sig=LEAK", "must be https")]
    [InlineData("https://contoso.webhook.office.com/webhookb2/LEAK", "retired in May 2026")]
    [InlineData("https://outlook.office.com/webhook/LEAK", "retired in May 2026")]
    [InlineData("https://outlook.office365.com/webhook/LEAK", "retired in May 2026")]
    [InlineData("https://a.01.environment.api.powerplatform.com" + Path, "cut off")]
    [InlineData("https://prod-01.westus.logic.azure.com/workflows/LEAK?api-version=2016-06-01", "cut off")]
    [InlineData("https://prod-01.westus.logic.azure.com/workflows/LEAK?design=1", "cut off")]
    [InlineData("https://a.01.environment.api.powerplatform.com" + Path + "&sp=%252Ftriggers&sv=1.0&sig=LEAK", "encoded twice")]
    [InlineData("https://a.01.environment.api.powerplatform.com" + Path + "&sp=a&sv=1.0&sig=LEAK'", "quotation mark")]
    [InlineData(@"https://a.01.environment.api.powerplatform.com/invoke\?api-version\=1\&sig=LEAK", "backslash")]
    [InlineData("https://hooks.slack.com/services/LEAK", "not on a host of Workflows")]
    [InlineData("https://evil-logic.azure.com/LEAK?sig=LEAK", "not on a host of Workflows")]
    [InlineData("https://notexample.com/LEAK", "not on a host of Workflows")]
    [InlineData("https://prod-01.westus.logic.azure.com.evil.test/LEAK?sig=LEAK", "not on a host of Workflows")]
    public void Validate_Error_IsReportedWithoutTheSecret(string? url, string message)
    {
        var error = Assert.Single(Validate(url, "example.com"));

        Assert.Equal("Url", error.Key);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("https://example.com")]
    [InlineData("example.com/path")]
    public void Validate_InvalidAllowedHost_IsReported(string host) =>
        Assert.Equal(["AllowedHosts:1"], Validate("http://127.0.0.1/", "example.com", host).Select(error => error.Key));

    [Fact]
    public void CreateSender_ValidOptions_CreatesATeamsSender()
    {
        var type = new TeamsDestinationType(_http);

        Assert.IsType<TeamsSender>(type.CreateSender(Options("http://127.0.0.1/")));
        Assert.Equal(ChatPlatform.Teams, type.PlatformOf(Options("http://127.0.0.1/")));
    }

    private IEnumerable<SettingError> Validate(string? url, params string[] allowedHosts) =>
        new TeamsDestinationType(_http).Validate(Options(url) with { AllowedHosts = allowedHosts });

    private static DestinationOptions Options(string? url) => new() { Name = "billing", Type = "teams", Url = Secret.From(url) };
}
