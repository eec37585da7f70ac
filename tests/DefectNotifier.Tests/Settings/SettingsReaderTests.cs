using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace DefectNotifier.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("settings-");

    [Fact]
    public void Read_Nothing_IsASandboxOnLoopback()
    {
        var settings = Read("{}");

        Assert.True(settings.Ingress.Url.IsLoopback);
        Assert.True(settings.OperationsUrl.IsLoopback);
        Assert.Equal("sandbox", Assert.Single(settings.Destinations).Type);
        Assert.Equal([settings.Destinations[0].Name], Assert.Single(settings.Routes).To);
    }

    [Fact]
    public void Read_Example_HasNoErrorsAndShowsTheDefaults()
    {
        var (configuration, errors) = SettingsSources.Load(Repository.PathOf("appsettings.example.json"));

        var settings = _components.NewSettingsReader().Read(configuration, errors);

        var defaults = new NotifierSettings();
        Assert.Equal(
            defaults.Ingress with { Secrets = settings.Ingress.Secrets, Sources = settings.Ingress.Sources }, settings.Ingress);
        Assert.Equal(defaults.OperationsUrl, settings.OperationsUrl);
        Assert.Equal(defaults.OutboxPath, settings.OutboxPath);
        Assert.Equal(defaults.OutboxMinFreeBytes, settings.OutboxMinFreeBytes);
        Assert.Equal(defaults.Retention, settings.Retention);
        Assert.Equal(defaults.Qase, settings.Qase);
        Assert.Equal(defaults.QaseApi with { Workspaces = settings.QaseApi.Workspaces }, settings.QaseApi);
        Assert.Empty(settings.QaseApi.Workspaces);
        Assert.Equal(defaults.Delivery with { AlertTo = "lobby" }, settings.Delivery);
        Assert.Equal(
            ["billing", "lobby", "mobile", "web-qa"],
            settings.Destinations.Select(destination => destination.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, settings.Routes.Count);
    }

    [Fact]
    public void Read_ManyErrors_ReportsAllWithTheirPaths()
    {
        var error = Assert.Throws<SettingsException>(() => Read(
            """
            {
              "Ingress": { "Url": "ftp://x", "MaxBodyBytes": "many", "Sekrets": [] },
              "Operations": { "Url": "http://127.0.0.1:9000/x" },
              "Delivery": { "MaxAge": "soon" },
              "Destinations": {
                "web": { "Type": "slack", "Token": "xoxb-test-token", "RateLimit": { "PerSecond": -1 } },
                "old": { "Type": "teems" },
                "lobby": { "Type": "sandbox", "Url": "https://example.test" }
              },
              "Routes": [
                { "To": [ "wep" ], "MinSeverity": "majr", "Continue": "maybe" },
                { "ProjectCodes": [ "A" ], "TemplateSet": "finance" }
              ]
            }
            """));

        foreach (var expected in (string[])
        [
            "Ingress:Url: 'ftp://x'",
            "Ingress:MaxBodyBytes: 'many'",
            "Ingress:Sekrets: is not a setting. Did you mean 'Secrets'?",
            "Operations:Url:",
            "Delivery:MaxAge: 'soon'",
            "Destinations:web:Channel:",
            "Destinations:web:RateLimit:PerSecond: '-1'",
            "Destinations:old:Type: 'teems'",
            "Did you mean 'teams'?",
            "Destinations:lobby:Url: is not a setting.",
            "Routes:0:To:0: names destination 'wep', which does not exist. Did you mean 'web'?",
            "Routes:0:MinSeverity: 'majr'",
            "Did you mean 'major'?",
            "Routes:0:Continue: 'maybe'",
            "Routes:1:To: is empty", "Routes:1:TemplateSet: names set 'finance'",
        ])
        {
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_BeyondLoopbackWithoutSecret_IsAnError()
    {
        var error = Assert.Throws<SettingsException>(() => Read("""{ "Ingress": { "Url": "http://0.0.0.0:8080" } }"""));

        Assert.StartsWith("Ingress:Secrets:", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://*:8080", "http://0.0.0.0:8080/")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/")]
    [InlineData("http://localhost:0", "http://localhost:0/")]
    public void Read_ListenAddresses_AreParsed(string written, string url) =>
        Assert.Equal(url, Read($$"""{ "Ingress": { "Url": "{{written}}", "Secrets": "one" } }""").Ingress.Url.ToString());

    [Theory]
    [InlineData("""{ "Ingress": "http://127.0.0.1:8080" }""", "Ingress: is a single value")]
    [InlineData(
        """{ "Destinations": { "a": { "Type": "sandbox", "RateLimit": 5 } }, "Routes": [ { "To": "a" } ] }""",
        "Destinations:a:RateLimit: is a single value")]
    [InlineData(
        """{ "Destinations": { "a": { "Type": "sandbox" } }, "Routes": "a" }""", "Routes: is a single value; expected a list of routes")]
    [InlineData(
        """{ "Destinations": { "a": { "Type": "sandbox" } }, "Routes": [ { "To": "a", "ProjectCodes": [] } ] }""",
        "Routes:0:ProjectCodes: is empty")]
    [InlineData(
        """{ "Destinations": { "a": { "Type": "sandbox" } }, "Routes": [ { "To": "a", "ProjectCodes": "WEB, SHOP" } ] }""",
        "Routes:0:ProjectCodes: 'WEB, SHOP' is one text")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Verbose" } } }""", "Logging:LogLevel:Default: 'Verbose'")]
    [InlineData("""{ "Logging": { "Console": { "FormatterName": "jsn" } } }""", "Logging:Console:FormatterName: 'jsn'")]
    [InlineData("""{ "Retention": { "Delivered": "23h" } }""", "Retention:Delivered: '23h' is not a time from 1.00:00:00")]
    [InlineData("""{ "Retention": { "Dead": "forever" } }""", "Retention:Dead: 'forever'")]
    [InlineData("""{ "Retention": { "MaxBytes": "2GB" } }""", "Retention:MaxBytes: '2GB' is not a number of bytes")]
    [InlineData("""{ "Retention": { "MaxBytes": -1 } }""", "Retention:MaxBytes: '-1'")]
    [InlineData("""{ "Retention": { "MaxSize": 1 } }""", "Retention:MaxSize: is not a setting.")]
    [InlineData("""{ "Outbox": { "Pfad": "x" } }""", "Outbox:Pfad: is not a setting.")]
    [InlineData("""{ "Operations": { "Secret": "x" } }""", "Operations:Secret: is not a setting. Did you mean 'Secrets'?")]
    [InlineData("""{ "Operations": { "SecretsFile": "no-such-file" } }""", "Operations:SecretsFile: names a file that can't be read")]
    [InlineData(
        """{ "Templates": { "TimeZone": "Europe/Berlni" } }""",
        "Templates:TimeZone: 'Europe/Berlni' is not a time zone of this machine; expected a name such as 'Europe/Berlin' or 'UTC'. "
            + "Did you mean 'Europe/Berlin'?")]
    [InlineData("""{ "Templates": { "Mentions": "x" } }""", "Templates:Mentions: is a single value")]
    [InlineData("""{ "Templates": { "Mentions": { "lead": { "Name": "x" } } } }""", "Templates:Mentions:lead: has neither Slack nor Teams")]
    [InlineData(
        """{ "Templates": { "Mentions": { "lead": { "Slack": "@lead" } } } }""", "Templates:Mentions:lead:Slack: '@lead' is not the id")]
    [InlineData("""{ "Templates": { "Mentions": { "lead": { "Slack": "U1>!channel" } } } }""", "Templates:Mentions:lead:Slack:")]
    [InlineData("""{ "Templates": { "Mentions": { "lead": { "Teams": "lead" } } } }""", "Templates:Mentions:lead:Teams: 'lead' is neither")]
    [InlineData(
        """{ "Templates": { "Mentions": { "lead": { "Slack": "here", "Name": "a</at>" } } } }""",
        "Templates:Mentions:lead:Name: contains one of")]
    [InlineData(
        """{ "Templates": { "Mentions": { "lead": { "Slak": "here" } } } }""",
        "Templates:Mentions:lead:Slak: is not a setting. Did you mean 'Slack'?")]
    public void Read_InvalidValue_IsAnErrorWithItsPath(string json, string error) =>
        Assert.Contains(error, Assert.Throws<SettingsException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        """{ "Destinations": { "web": { "Type": "sandbox", "Pace": { "PerSecond": 1 } } }, "Routes": [ { "To": "web" } ] }""",
        "Destinations:web:Pace",
        "RateLimit")]
    [InlineData(
        """{ "Destinations": { "web": { "Type": "sandbox" } }, "Routes": [ { "To": "web", "Conversation": "thread" } ] }""",
        "Routes:0:Conversation",
        "MessageMode")]
    [InlineData("""{ "Delivery": { "FirstRetry": "1s" } }""", "Delivery:FirstRetry", "InitialBackoff")]
    [InlineData("""{ "Delivery": { "LongestRetry": "1m" } }""", "Delivery:LongestRetry", "MaxBackoff")]
    [InlineData("""{ "Delivery": { "longestResend": "1m" } }""", "Delivery:longestResend", "MaxResendDelay")]
    public void Read_NameBefore10_IsAnErrorThatNamesTheNewOne(string json, string path, string name) =>
        Assert.Equal($"{path}: was renamed; write {name}.", Assert.Single(Assert.Throws<SettingsException>(() => Read(json)).Errors));

    [Fact]
    public void Read_OldNameElsewhere_IsAnUnknownSetting() =>
        Assert.StartsWith(
            "Ingress:Pace: is not a setting.",
            Assert.Single(Assert.Throws<SettingsException>(() => Read("""{ "Ingress": { "Pace": 1 } }""")).Errors),
            StringComparison.Ordinal);

    [Fact]
    public void Read_Templates_ReadsTimeZoneAndMentions()
    {
        var templates = Read("""
            { "Templates": { "TimeZone": "Europe/Berlin", "Mentions": {
              "qa-lead": { "Name": "QA lead", "Slack": "U012AB3CD", "Teams": "lead@contoso.com" },
              "Team": { "Slack": "S012AB3CD", "Teams": "6f9619ff-8b86-d011-b42d-00c04fc964ff" }, "all": { "Slack": "channel" } } } }
            """).Templates;

        Assert.Equal("Europe/Berlin", templates.TimeZone.Id);
        Assert.Equal(new Mention("QA lead") { Slack = "U012AB3CD", Teams = "lead@contoso.com" }, templates.Mentions["QA-Lead"]);
        Assert.Equal(
            ("Team", "S012AB3CD", "channel"),
            (templates.Mentions["team"].Name, templates.Mentions["team"].Slack, templates.Mentions["all"].Slack));
    }

    [Fact]
    public void Read_AlertToAndFallback_HaveTheCaseOfTheDestinations()
    {
        var settings = Read("""
            {
              "Delivery": { "AlertTo": "OPS", "ConfirmAfter": "2s" },
              "Destinations": { "web": { "Type": "sandbox", "WhenUnsure": "Hold" }, "ops": { "Type": "sandbox" } },
              "Routes": [ { "To": "web", "Fallback": "Ops", "FallbackAfter": "10m", "MaxAge": "2h" }, { "To": "ops" } ]
            }
            """);

        Assert.Equal(("ops", TimeSpan.FromSeconds(2)), (settings.Delivery.AlertTo, settings.Delivery.ConfirmAfter));
        Assert.Equal(
            [WhenUnsure.Hold, WhenUnsure.Resend],
            settings.Destinations.OrderByDescending(destination => destination.Name).Select(destination => destination.WhenUnsure));
        Assert.Equal(
            ("ops", TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)),
            (settings.Routes[0].Fallback, settings.Routes[0].FallbackAfter, settings.Routes[0].MaxAge));
        Assert.Equal(
            (null, TimeSpan.FromHours(1), null),
            (settings.Routes[1].Fallback, settings.Routes[1].FallbackAfter, settings.Routes[1].MaxAge));
    }

    [Theory]
    [InlineData(
        """ "Delivery": { "AlertTo": "op" } """, "Delivery:AlertTo: names destination 'op', which does not exist. Did you mean 'ops'?")]
    [InlineData(
        """ "Routes": [ { "To": "web", "Fallback": "opps" } ] """,
        "Routes:0:Fallback: names destination 'opps', which does not exist. Did you mean 'ops'?")]
    [InlineData(""" "Routes": [ { "To": "web", "Fallback": "WEB" } ] """, "Routes:0:Fallback: 'web' is in To as well")]
    [InlineData(""" "Routes": [ { "To": "web", "FallbackAfter": "10m" } ] """, "Routes:0:FallbackAfter: has no effect without Fallback.")]
    [InlineData(""" "Routes": [ { "To": "web", "MaxAge": "-Infinityd" } ] """, "Routes:0:MaxAge: '-Infinityd'")]
    [InlineData(""" "Routes": [ { "To": "web", "MaxAge": "1s" } ] """, "Routes:0:MaxAge: '1s' is not a time from")]
    [InlineData(
        """ "Routes": [ { "To": "web", "Repeats": { "Within": "31d" } } ] """, "Routes:0:Repeats:Within: '31d' is not a time from")]
    [InlineData(""" "Routes": [ { "To": "web", "Repeats": { "Withing": "1h" } } ] """, "Routes:0:Repeats:Withing: is not a setting.")]
    [InlineData(""" "Routes": [ { "To": "web", "Repeats": "24h" } ] """, "Routes:0:Repeats: is a single value")]
    [InlineData(
        """ "Routes": [ { "To": "web", "Repeats": { "Within": "1h" }, "MessageMode": "post" } ] """,
        "Routes:0:Repeats: has no effect with the MessageMode post.")]
    [InlineData(
        """ "Destinations": { "web": { "Type": "sandbox", "WhenUnsure": "holt" }, "ops": { "Type": "sandbox" } } """,
        "Destinations:web:WhenUnsure: 'holt' is not one of resend, hold. Did you mean 'hold'?")]
    [InlineData(
        """ "Destinations": { "web": { "Type": "sandbox", "WhenUnsure": "1" }, "ops": { "Type": "sandbox" } } """,
        "Destinations:web:WhenUnsure: '1' is not one of resend, hold.")]
    public void Read_DeliveryAndFallbackErrors_HaveTheirPath(string section, string error)
    {
        var rest = section.Contains("Destinations", StringComparison.Ordinal)
            ? ""
            : """, "Destinations": { "web": { "Type": "sandbox" }, "ops": { "Type": "sandbox" } }""";
        var routes = section.Contains("Routes", StringComparison.Ordinal) ? "" : """, "Routes": [ { "To": "web" } ]""";

        var errors = Assert.Throws<SettingsException>(() => Read($"{{ {section}{rest}{routes} }}")).Errors;

        Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e-13", false)]
    [InlineData("0.0001", false)]
    [InlineData("0.001", true)]
    [InlineData("0", true)]
    public void Read_RateLimit_RejectsLessThanOneMessageIn1000Seconds(string perSecond, bool isValid)
    {
        var json =
            $$"""
            {
              "Destinations": { "a": { "Type": "sandbox", "RateLimit": { "PerSecond": {{perSecond}} } } },
              "Routes": [ { "To": "a" } ]
            }
            """;

        if (isValid)
        {
            Assert.NotNull(Read(json).Destinations[0].RateLimit);
        }
        else
        {
            var error = Assert.Single(Assert.Throws<SettingsException>(() => Read(json)).Errors);
            Assert.StartsWith("Destinations:a:RateLimit:PerSecond:", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_Retention_IsAsWritten()
    {
        var settings = Read(
            """{ "Retention": { "Delivered": "7d", "Dead": "1d", "MaxBytes": 0 }, "Outbox": { "Path": "x.db", "MinFreeBytes": 0 } }""");

        Assert.Equal(
            new RetentionOptions { Delivered = TimeSpan.FromDays(7), Dead = TimeSpan.FromDays(1), MaxBytes = 0 }, settings.Retention);
        Assert.Equal(("x.db", 0), (settings.OutboxPath, settings.OutboxMinFreeBytes));
    }

    [Fact]
    public void Read_SamePortOnAnotherAddress_IsAccepted()
    {
        var settings = Read(
            """
            {
              "Ingress": { "Url": "http://10.0.0.1:8080", "Secrets": "one" },
              "Operations": { "Url": "http://127.0.0.1:8080" }
            }
            """);

        Assert.Equal(8080, settings.OperationsUrl.Port);
    }

    [Fact]
    public void Read_SameAddressTwice_IsAnError()
    {
        var error = Assert.Throws<SettingsException>(() => Read("""{ "Operations": { "Url": "http://127.0.0.1:8080" } }"""));

        Assert.StartsWith("Operations:Url:", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecretFiles_AreTrimmed()
    {
        var token = Write("token", "xoxb-test-from-file\n");
        var secrets = Write("secrets", "first-7d1f0c9e5b3a4826\n\n second-7d1f0c9e5b3a4826 \n");

        var settings = Read(
            $$"""
            {
              "Ingress": { "SecretsFile": "{{secrets}}" },
              "Destinations": { "web": { "Type": "slack", "Channel": "C0123456789", "TokenFile": "{{token}}" } },
              "Routes": [ { "To": "web" } ]
            }
            """);

        Assert.Equal("xoxb-test-from-file", settings.Destinations[0].Token!.Reveal());
        Assert.Equal(["first-7d1f0c9e5b3a4826", "second-7d1f0c9e5b3a4826"], settings.Ingress.Secrets.Select(secret => secret.Reveal()));
    }

    [Fact]
    public void Read_SecretFileMissingAndSecretSet_ReportsBothWithoutTheSecret()
    {
        var error = Assert.Throws<SettingsException>(() => Read(
            """
            {
              "Destinations": {
                "web": { "Type": "slack", "Channel": "C0123456789", "Token": "xoxb-test-do-not-show", "TokenFile": "/no/such/file" }
              },
              "Routes": [ { "To": "web" } ]
            }
            """));

        Assert.Equal(2, error.Errors.Count(text => text.StartsWith("Destinations:web:TokenFile:", StringComparison.Ordinal)));
        Assert.DoesNotContain("do-not-show", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RouteWithOtherCase_UsesTheSpellingOfTheDestination()
    {
        var settings = Read("""{ "Destinations": { "Web-QA": { "Type": "sandbox" } }, "Routes": [ { "To": [ "web-qa" ] } ] }""");

        Assert.Equal(["Web-QA"], settings.Routes[0].To);
    }

    [Fact]
    public void Read_DestinationsWithoutRoutes_IsAnError()
    {
        var error = Assert.Throws<SettingsException>(() => Read("""{ "Destinations": { "lobby": { "Type": "sandbox" } } }"""));

        Assert.StartsWith("Routes: is empty", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownSection_IsAnError()
    {
        var error = Assert.Throws<SettingsException>(() => Read("""{ "Destination": {} , "Rutes": [] }"""));

        Assert.Contains("Rutes: is not a setting. Did you mean 'Routes'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("61000ms", 61)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("00:01:00", 60)]
    public void Read_Duration_AcceptsEveryFormat(string written, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds), Read($$"""{ "Delivery": { "MaxAge": "{{written}}", "MaxBackoff": "1s" } }""").Delivery.MaxAge);

    [Fact]
    public void Load_FileThatIsNotJson_IsAnErrorWithTheFileName()
    {
        var path = Write("bad.json", "{ \"Ingress\": ");

        var error = Assert.Throws<SettingsException>(() => SettingsSources.Load(path));

        Assert.Contains("bad.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NamedFileMissing_IsAnError() =>
        Assert.Contains(
            "--config",
            Assert.Throws<SettingsException>(() => SettingsSources.Load("/no/such/file.json")).Message,
            StringComparison.Ordinal);

    public void Dispose()
    {
        _components.Dispose();
        _folder.Delete(recursive: true);
    }

    private NotifierSettings Read(string json)
    {
        var (configuration, errors) = SettingsSources.Load(Write("appsettings.json", json));
        return _components.NewSettingsReader().Read(configuration, errors);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
