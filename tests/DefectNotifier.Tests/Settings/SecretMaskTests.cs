using CsCheck;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

public sealed class SecretMaskTests : IDisposable
{
    private const string HookPart = "hookPartQ8s7d6f5g4h3j2k1";
    private const string Hook = "https://hooks.slack.com/services/T024BE7LR/B024BE7LR/" + HookPart;
    private const string Token = "xoxb-1111111111-2222222222-tokenPartA1b2C3d4E5f6";
    private const string Flow = "https://a.environment.api.powerplatform.com/workflows/1/invoke?api-version=1&sig=sigPartZ9y8X7w6V5u4";

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Hook, "https://hooks.slack.com/[secret]")]
    [InlineData("https://hooks.slack.com/services/T0/B0/abc", "https://hooks.slack.com/[secret]")]
    [InlineData(Flow, "https://a.environment.api.powerplatform.com/[secret]")]
    [InlineData("https://me:word@host.test/", "https://host.test/[secret]")]
    [InlineData("https://host.test?key=1", "https://host.test/[secret]")]
    [InlineData("hooks.slack.com/services/T0/B0/" + HookPart, "hooks.slack.com/services/T0/B0/[secret]")]
    [InlineData("hooks.slack.com/services/T0AB/B0CD/OnlyLettersOnlyLetters", "hooks.slack.com/services/T0AB/B0CD/[secret]")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000", "[secret]")]
    [InlineData("aB3-dE5_fG7hI9jK1lM2nO4pQ6rS8tU0vW-xY_zA1bC", "[secret]")]
    [InlineData("invoke?api-version=1&sig=abc", "invoke?api-version=1&sig=[secret]")]
    [InlineData(Token, "[secret]")]
    [InlineData("xoxb-short", "[secret]")]
    [InlineData("xapp-1-A1", "[secret]")]
    [InlineData("XOXE.xoxb-1-A1", "[secret]")]
    [InlineData(HookPart, "[secret]")]
    [InlineData("0123456789abcdef0123456789abcdef", "[secret]")]
    [InlineData("Destinations:" + Token + ":Url: is missing", "Destinations:[secret]:Url: is missing")]
    public void Hide_Secret_IsNotShown(string text, string shown) => Assert.Equal($"'{shown}'.", SecretMask.Hide($"'{text}'."));

    [Theory]
    [InlineData("Ingress:Url: 'ftp://x' is not an address to listen on; expected http://IP:PORT, for example http://0.0.0.0:8080.")]
    [InlineData("is not an address; expected https://...")]
    [InlineData("an incoming webhook is https://hooks.slack.com/services/T.../B.../...")]
    [InlineData("names the folder '/srv/team/bots/web', which does not exist")]
    [InlineData("prod-eu-west-1-k8s, qa_team_2026_q1_web_2, settings-hbw1qk-2026-11-23")]
    [InlineData("use an incoming webhook (https://hooks.slack.com/services/...)")]
    [InlineData("expected a base address such as https://api.qase.io/v1/.")]
    [InlineData("is not a bot token; bot tokens start with xoxb-; use the bot token (xoxb-...)")]
    [InlineData("names set 'finance', but there is no folder 'finance' in '/tmp/settings-hbw1qk/templates'.")]
    [InlineData("names a file that can't be read (UnauthorizedAccessException, PathTooLongException).")]
    [InlineData("Destinations:web-frontend-team-2026-q1:RequestsPerMinute, Destinations:ReleaseTrain2026Q3Team")]
    [InlineData("'WEB, SHOP' is one text; '00:00:15' 'Europe/Berlni' 'C0123456789' 'U012AB3CD' '2026-11-23T20:00:00Z'")]
    public void Hide_OrdinaryText_IsUnchanged(string text) => Assert.Equal(text, SecretMask.Hide(text));

    [Fact]
    public void Hide_RandomTokens_AreHiddenAlmostAlways()
    {
        var (shown, shownInParts) = (0, 0);
        Gen.Byte.Array[24, 24].Sample(
            bytes =>
            {
                Assert.Equal("[secret]", SecretMask.Hide(Convert.ToHexString(bytes)));
                var base64 = Convert.ToBase64String(bytes);
                var letters = new string([.. base64.Where(char.IsAsciiLetterOrDigit)]);
                if (SecretMask.Hide(letters) == letters) Interlocked.Increment(ref shown);
                // Nothing but dashes and underscores at its ends.
                var web = base64.Replace('+', '-').Replace('/', '_');
                if (SecretMask.Hide(web).Trim('-', '_') != "[secret]") Interlocked.Increment(ref shownInParts);
            },
            iter: 1000,
            threads: 1);
        Assert.InRange(shown, 0, 50);
        Assert.InRange(shownInParts, 0, 50);
    }

    [Theory]
    [InlineData(Hook, HookPart)]
    [InlineData(Flow, "sigPart")]
    [InlineData(Token, "tokenPart")]
    public void Read_SecretInAnyPlace_IsInNoError(string secret, string part)
    {
        string[] settings =
        [
            $$"""{ "Destinations": { "a": { "Type": "{{secret}}" } }, "Routes": [ { "To": "a" } ] }""",
            $$"""{ "Destinations": { "a": { "Type": "sandbox", "As": "{{secret}}" } }, "Routes": [ { "To": [ "{{secret}}" ] } ] }""",
            $$"""{ "Destinations": { "a": { "Type": "sandbox", "{{secret.Replace(':', '-')}}": "x" } }, "Routes": [ { "To": "a" } ] }""",
            $$"""{ "Destinations": { "{{secret.Replace(':', '-')}}": { "Type": "sandbox" } }, "Routes": [ { "To": "a" } ] }""",
            $$"""{ "Delivery": { "AlertTo": "{{secret}}", "MaxAge": "{{secret}}" }, "{{secret.Replace(':', '-')}}": 1 }""",
            $$"""{ "Ingress": { "Url": "{{secret}}", "Path": "{{secret}}", "MaxWaiting": "{{secret}}" } }""",
            $$"""{ "Templates": { "Path": "{{secret}}", "TimeZone": "{{secret}}", "Mentions": { "a": { "Slack": "{{secret}}" } } } }""",
            $$"""{ "Logging": { "LogLevel": { "Default": "{{secret}}" }, "Console": { "FormatterName": "{{secret}}" } } }""",
            $$"""
            {
              "Destinations": { "a": { "Type": "sandbox", "WhenUnsure": "{{secret}}" } },
              "Routes": [ { "To": "a", "MinSeverity": "{{secret}}", "TemplateSet": "{{secret}}", "Continue": "{{secret}}" } ]
            }
            """,
        ];
        foreach (var json in settings)
        {
            var error = Assert.Throws<SettingsException>(() => _folder.Read(json));
            Assert.DoesNotContain(part, error.Message, StringComparison.Ordinal);
            Assert.All(error.Errors, text => Assert.DoesNotContain(part, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_TokenAsTheNameOfADestination_IsAnError() => Assert.StartsWith(
        "Destinations:[secret]: looks like a token",
        Assert.Single(_folder.Errors(
            $$"""{ "Destinations": { "{{Token}}": { "Type": "sandbox" } }, "Routes": [ { "To": "{{Token}}" } ] }""")),
        StringComparison.Ordinal);
}
