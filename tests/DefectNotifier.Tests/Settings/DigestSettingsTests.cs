using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary><c>Destinations:NAME:Digest</c> and <c>Routes:N:Digest</c>.</summary>
public sealed class DigestSettingsTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(""", "Digest": true""")]
    [InlineData(""", "Digest": { }""")]
    [InlineData(""", "Digest": { "Threshold": 10, "Window": "1m", "MaxWait": "10s", "Always": [ "blocker" ] }""")]
    public void Read_NothingElse_IsOnWithTheDefaults(string digest) => Assert.Equivalent(new DigestOptions(), Digest(digest), strict: true);

    [Fact]
    public void Read_EachTypeOfDestination_HasDigests()
    {
        var settings = _folder.Read("""
            {
              "Ingress": { "Secrets": [ "7d1f0c9e5b3a48261f7e" ] },
              "Destinations": {
                "bot": { "Type": "slack", "Channel": "C0123456789", "Token": "xoxb-1" },
                "hook": { "Type": "slack-webhook", "Url": "https://hooks.slack.com/services/T0/B0/abcDEF123abcDEF123abcDEF" },
                "flow": { "Type": "teams", "Url": "https://a.environment.api.powerplatform.com/1?api-version=1&sp=2&sv=3&sig=4" },
                "lobby": { "Type": "sandbox" }
              },
              "Routes": [ { "To": [ "bot", "hook", "flow", "lobby" ] } ]
            }
            """);

        Assert.Equal(4, settings.Destinations.Count);
        Assert.All(settings.Destinations, destination => Assert.NotNull(destination.Digest));
        Assert.True(settings.Routes[0].Digest);
    }

    [Fact]
    public void Read_False_IsOff()
    {
        Assert.Null(Digest(""", "Digest": false"""));
        Assert.False(_folder.Read(Json("", """, "Digest": false""")).Routes[0].Digest);
    }

    [Fact]
    public void Read_Section_IsAsWritten() => Assert.Equivalent(
        new DigestOptions
        {
            Threshold = 3,
            Window = TimeSpan.FromMinutes(5),
            MaxWait = TimeSpan.Zero,
            Always = ["blocker", "critical", "undefined", "blocker"],
        },
        Digest(""", "Digest": { "Threshold": 3, "Window": "5m", "MaxWait": "0s", "Always": [ "Blocker", 2, "Not set", "blocked" ] }"""),
        strict: true);

    [Fact]
    public void Read_EmptyAlways_IsNoSeverity() => Assert.Empty(Digest(""", "Digest": { "Always": [] }""")!.Always);

    [Fact]
    public void Read_WindowBelowTheDefaultOfMaxWait_LimitsIt() =>
        Assert.Equal(TimeSpan.FromSeconds(4), Digest(""", "Digest": { "Window": "4s" }""")!.MaxWait);

    [Theory]
    [InlineData("\"Threshold\": 0", "Threshold: '0' is not a whole number from 1 to 200.")]
    [InlineData("\"Threshold\": 201", "Threshold: '201' is not a whole number from 1 to 200.")]
    [InlineData("\"Window\": \"999ms\"", "Window: '999ms' is not a time from 00:00:01 to 01:00:00")]
    [InlineData("\"Window\": \"2h\"", "Window: '2h' is not a time from 00:00:01 to 01:00:00")]
    [InlineData("\"Window\": \"30s\", \"MaxWait\": \"31s\"", "MaxWait: '31s' is not a time from 00:00:00 to 00:00:30")]
    [InlineData("\"Window\": { \"Minutes\": 1 }", "Window: is a section or a list; expected a single value.")]
    [InlineData("\"Always\": [ \"minor\", \"bloker\" ]", "Always:1: 'bloker' is not one of undefined, blocker,")]
    [InlineData("\"Treshold\": 5", "Treshold: is not a setting. Did you mean 'Threshold'?")]
    public void Read_WrongValue_IsAnErrorWithItsPath(string key, string error) => Assert.StartsWith(
        $"Destinations:web:Digest:{error}",
        Assert.Single(_folder.Errors(Json($", \"Digest\": {{ {key} }}"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(""", "Digest": "off" """, "", "Destinations:web:Digest: 'off' is not true, false or a section.")]
    [InlineData("", """, "Digest": { "Threshold": 5 }""", "Routes:0:Digest: is a section or a list; expected a single value.")]
    [InlineData("", """, "Continue": [ true ]""", "Routes:0:Continue: is a section or a list; expected a single value.")]
    public void Read_WrongKind_IsAnError(string destination, string route, string error) =>
        Assert.Equal(error, Assert.Single(_folder.Errors(Json(destination, route))));

    [Fact]
    public void Read_SeveralErrors_AreReportedTogether() =>
        Assert.Equal(3, _folder.Errors(Json(""", "Digest": { "Threshold": "many", "Window": "soon", "Always": "all" }""")).Count);

    [Theory]
    [InlineData(""", "Digest": { "Threshold": 5 }""", "Digest", "false", null)]
    [InlineData(""", "Digest": { "Threshold": 5 }""", "Digest", "true", 10)]
    [InlineData(""", "Digest": false""", "Digest:Threshold", "7", 7)]
    [InlineData(""", "Digest": { "Threshold": 5, "Window": "2m" }""", "Digest:Threshold", "7", 7)]
    public void Read_FlagOrSectionInALaterSource_ReplacesTheOther(string file, string key, string value, int? threshold)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json(file)));
        var earlier = SettingsSources.Parse(json).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

        var settings = _folder.Read(SettingsNode.From(earlier, [new($"Destinations:web:{key}", value)]));

        Assert.Equal(threshold, settings.Destinations[0].Digest?.Threshold);
    }

    [Fact]
    public void Read_FlagAndSectionInOneSource_IsAnError()
    {
        KeyValuePair<string, string?>[] variables =
        [
            new("Destinations:web:Type", "sandbox"), new("Routes:0:To", "web"),
            new("Destinations:web:Digest", "false"), new("Destinations:web:Digest:Threshold", "5"),
        ];

        Assert.Equal(
            "Destinations:web:Digest: is both a single value and a section; remove one of the two.",
            Assert.Single(Assert.Throws<SettingsException>(() => _folder.Read(SettingsNode.From(variables))).Errors));
    }

    [Fact]
    public void Read_AlwaysInALaterSource_ReplacesTheList()
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json(""", "Digest": { "Always": [ "blocker", "major" ] }""")));
        var earlier = SettingsSources.Parse(json).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

        KeyValuePair<string, string?>[] later = [new("Destinations:web:Digest:Always:0", "minor")];
        var settings = _folder.Read(SettingsNode.From(earlier, later));

        Assert.Equal(["minor"], settings.Destinations[0].Digest!.Always);
    }

    private static string Json(string destination, string route = "") =>
        $$"""{ "Destinations": { "web": { "Type": "sandbox"{{destination}} } }, "Routes": [ { "To": "web"{{route}} } ] }""";

    private DigestOptions? Digest(string destination) => _folder.Read(Json(destination)).Destinations[0].Digest;
}
