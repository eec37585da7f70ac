using DefectNotifier.Chat;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackDestinationTypesTests : IDisposable
{
    private const string Hook = "https://hooks.slack.com/services/T0/B0/abcDEF123abcDEF123abcDEF";

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("C0123456789", "xoxb-1-2-abc", null)]
    [InlineData(" G0123456789 ", "xoxb-1", "")]
    [InlineData("D0123456789", "xoxb-1", "https://slack-gov.com/api")]
    [InlineData("C1", "xoxb-1", "http://127.0.0.1:9/api/")]
    [InlineData("C1", "xoxb-1", "http://localhost:9/")]
    public void Validate_Bot_ValidOptions_HaveNoError(string channel, string token, string? apiUrl) =>
        Assert.Empty(Bot().Validate(BotOptions(channel, token, apiUrl)));

    [Theory]
    [InlineData(null, "xoxb-1", null, "Channel", "is missing")]
    [InlineData("#web-qa", "xoxb-1", null, "Channel", "is a name")]
    [InlineData("web-qa", "xoxb-1", null, "Channel", "is not a channel's id")]
    [InlineData("c0123456789", "xoxb-1", null, "Channel", "is not a channel's id")]
    [InlineData("C", "xoxb-1", null, "Channel", "is not a channel's id")]
    [InlineData("U0123456789", "xoxb-1", null, "Channel", "is a person's id")]
    [InlineData("C1", null, null, "Token", "is missing")]
    [InlineData("C1", "xoxp-LEAK", null, "Token", "a person's token")]
    [InlineData("C1", "xapp-LEAK", null, "Token", "an app-level token")]
    [InlineData("C1", "xoxe.xoxb-LEAK", null, "Token", "a rotating token")]
    [InlineData("C1", "LEAK", null, "Token", "start with xoxb-")]
    [InlineData("C1", "xoxb-", null, "Token", "cut off")]
    [InlineData("C1", "xoxb-LEAK\nLEAK", null, "Token", "cut off")]
    [InlineData("C1", "xoxb-your-bot-token", null, "Token", "is an example value")]
    [InlineData("C1", "xoxb-xxxx-xxxx", null, "Token", "is an example value")]
    [InlineData("C1", "xoxb-1", "http://slack.com/api/", "ApiUrl", "must be https")]
    [InlineData("C1", "xoxb-1", "slack.com", "ApiUrl", "is not an address")]
    [InlineData("C1", "xoxb-1", "https://slack.com/api/?x=1", "ApiUrl", "contains a ?")]
    [InlineData("C1", "xoxb-1", "https://me:LEAK@slack.com/api/", "ApiUrl", "user name")]
    public void Validate_Bot_Error_IsReportedWithoutTheSecret(string? channel, string? token, string? apiUrl, string key, string message) =>
        AssertError(Bot().Validate(BotOptions(channel, token, apiUrl)), key, message);

    [Fact]
    public void Validate_Bot_ManyErrors_AreReportedTogether() =>
        Assert.Equal(["Channel", "Token", "ApiUrl"], Bot().Validate(BotOptions(null, null, "x")).Select(error => error.Key));

    [Theory]
    [InlineData(Hook)]
    [InlineData("https://hooks.slack-gov.com/services/T0/B0/abcDEF123abcDEF123abcDEF")]
    [InlineData("https://proxy.example.com/anything")]
    [InlineData("http://127.0.0.1:9/services/x")]
    [InlineData("http://[::1]:9/services/x")]
    public void Validate_Webhook_ValidUrl_HasNoError(string url) => Assert.Empty(Webhook().Validate(WebhookOptions(url)));

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("hooks.slack.com/services/LEAK", "is not an address")]
    [InlineData("/services/LEAK", "must be https")]
    [InlineData("http://hooks.slack.com/services/LEAK", "must be https")]
    [InlineData("http://localhost.example.com/services/LEAK", "must be https")]
    [InlineData("ftp://127.0.0.1/LEAK", "must be https")]
    [InlineData("https://hooks.slack.com/workflows/LEAK", "Workflow Builder")]
    [InlineData("https://hooks.slack.com/triggers/LEAK", "Workflow Builder")]
    [InlineData("https://HOOKS.slack-gov.com/Triggers/LEAK", "Workflow Builder")]
    [InlineData("https://hooks.slack.com/", "cut off")]
    [InlineData("https://hooks.slack.com/LEAK", "cut off")]
    [InlineData("https://hooks.slack.com/services/T0/ LEAK", "blank")]
    [InlineData("https://hooks.slack.com/services/", "lacks a part")]
    [InlineData("https://hooks.slack.com/services/T0/LEAK", "lacks a part")]
    [InlineData("https://hooks.slack.com/services/T0/LEAK/", "lacks a part")]
    [InlineData("https://hooks.slack.com/services/T0//LEAK", "lacks a part")]
    [InlineData("https://hooks.slack-gov.com/services/T0/LEAK", "lacks a part")]
    [InlineData("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "is an example value")]
    [InlineData("https://hooks.slack.com/services/TXXXX/BXXXX/XXXX", "is an example value")]
    [InlineData("https://hooks.slack.com/services/T00000000/B00000000/your-webhook", "is an example value")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK...", "is an example value")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK/", "characters that do not belong to it")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK,", "characters that do not belong to it")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK%22", "characters that do not belong to it")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK?x=1", "characters that do not belong to it")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAKhttps://hooks.slack.com/services/T0/B0/LEAK", "characters that do not belong")]
    [InlineData("https://hooks.slack.com/services/LEAK/WEBHOOK/URL", "is an example")]
    [InlineData("https://hooks.slack.com/services/T0/C0/LEAKLEAKLEAKLEAKLEAKLEAK", "is an example")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK", "cut off")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK\u200B", "U+200B")]
    [InlineData(@"https://hooks.slack.com/services/T0/B0/LEAK\?", "backslash")]
    [InlineData("https://hooks.slack.com/services/T0/B0/LEAK'", "quotation mark")]
    [InlineData("https://hooks.slack.com/services/T0#LEAK", "contains a #")]
    [InlineData("https://me:LEAK@hooks.slack.com/services/T0", "user name")]
    public void Validate_Webhook_Error_IsReportedWithoutTheSecret(string? url, string message) =>
        AssertError(Webhook().Validate(WebhookOptions(url)), "Url", message);

    [Fact]
    public void CreateSender_ValidOptions_CreatesSlackSenders()
    {
        Assert.IsType<SlackBotSender>(Bot().CreateSender(BotOptions(" C1 ", "xoxb-1", null)));
        Assert.IsType<SlackWebhookSender>(Webhook().CreateSender(WebhookOptions(Hook)));
        Assert.Equal(ChatPlatform.Slack, Bot().PlatformOf(BotOptions("C1", "xoxb-1", null)));
        Assert.Equal(ChatPlatform.Slack, Webhook().PlatformOf(WebhookOptions(null)));
    }

    [Theory]
    [InlineData(null, "https://slack.com/api/")]
    [InlineData("https://slack-gov.com/api", "https://slack-gov.com/api/")]
    [InlineData("https://slack-gov.com/api/", "https://slack-gov.com/api/")]
    public void ApiAddressOf_Options_EndsWithASlash(string? apiUrl, string expected) =>
        Assert.Equal(expected, SlackDestinationType.ApiAddressOf(BotOptions("C1", "xoxb-1", apiUrl)).AbsoluteUri);

    [Theory]
    [InlineData("conversations.history")]
    [InlineData("conversations.replies")]
    [InlineData("chat.update")]
    public void Tier3Limits_ChannelsOfOneWorkspace_ShareALimitSeparateFromPosts(string method)
    {
        var limit = Tier3LimitOf(method, BotOptions("C1", "xoxb-LEAK", null));

        Assert.Equal(limit, Tier3LimitOf(method, BotOptions("C2", "xoxb-LEAK", "https://slack.com/api")));
        Assert.NotEqual(limit.Key, Tier3LimitOf(method, BotOptions("C1", "xoxb-2", null)).Key);
        Assert.DoesNotContain(limit.Key, Bot().LimitsOf(BotOptions("C1", "xoxb-LEAK", null)).Select(post => post.Key));
        Assert.EndsWith(":" + method, limit.Key, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", limit.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conversations.history")]
    [InlineData("conversations.replies")]
    [InlineData("chat.update")]
    public void Tier3Limits_Bot_StayWithinSlacksLimitPerMinute(string method)
    {
        var rateLimit = Tier3LimitOf(method, BotOptions("C1", "xoxb-1", null)).RateLimit;

        Assert.InRange((rateLimit.PerSecond * 60) + rateLimit.Burst, 40, 50);
        Assert.Equal(
            0,
            Tier3LimitOf(
                method, BotOptions("C1", "xoxb-1", null) with { RateLimit = new RateLimitOptions { PerSecond = 0 } }).RateLimit.PerSecond);
    }

    [Fact]
    public void LookupLimitOf_Webhook_IsNull() =>
        Assert.Null(((IDestinationType)Webhook()).LookupLimitOf(WebhookOptions(Hook)));

    private SharedRateLimit Tier3LimitOf(string method, DestinationOptions options) => method switch
    {
        "conversations.history" => Bot().LookupLimitOf(options)!,
        "conversations.replies" => Bot().ThreadLookupLimitOf(options)!,
        _ => Bot().UpdateLimitOf(options)!,
    };

    private static void AssertError(IEnumerable<SettingError> errors, string key, string message)
    {
        var error = Assert.Single(errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", error.Message, StringComparison.Ordinal);
    }

    private SlackDestinationType Bot() =>
        new(options => DestinationTypes.SlackApiOf(_http, options));

    private SlackWebhookDestinationType Webhook() => new(_http);

    private static DestinationOptions BotOptions(string? channel, string? token, string? apiUrl) =>
        new() { Name = "web-qa", Type = "slack", Channel = channel, Token = Secret.From(token), ApiUrl = apiUrl };

    private static DestinationOptions WebhookOptions(string? url) =>
        new() { Name = "mobile", Type = "slack-webhook", Url = Secret.From(url) };
}
