using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Commands.Previews;

public sealed class RenderCommandTests : IDisposable
{
    private const string ToBoth = """[ { "To": [ "web-qa", "billing" ] } ]""";

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("defect.created", "slack")]
    [InlineData("defect.created", "teams")]
    [InlineData("defect.updated", "slack")]
    [InlineData("DEFECT.resolved", "teams")]
    [InlineData("defect.deleted", "slack")]
    public async Task Render_Sample_ShowsThePlatformsMessage(string name, string platform)
    {
        var run = await CommandRun.OfAsync("render", "--event", name, "--platform", platform, "--config", _folder.WriteSettings(ToBoth));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(
            platform == "slack" ? "── slack (Slack) ─" : "── teams (Microsoft Teams) ─", run.Output, StringComparison.Ordinal);
        Assert.Contains("42", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData("web-qa", "── web-qa (Slack) ─")]
    [InlineData("Billing", "── billing (Microsoft Teams) ─")]
    public async Task Render_Destination_UsesItsPlatformAndTheTemplateSetOfItsRoute(string to, string title)
    {
        var settings = _folder.WriteSettings(
            """[ { "ProjectCodes": [ "WEB" ], "To": [ "web-qa", "billing" ], "TemplateSet": "finance" } ]""");
        _folder.Write("words/finance/defect.created.sbn", "Finance says {{ defect.title }}");

        var routed = await CommandRun.OfAsync("render", "--event", "defect.created", "--to", to, "--config", settings);
        var elsewhere = await CommandRun.OfAsync(
            "render", "--event", "defect.created", "--to", to, "--project", "SHOP", "--config", settings);
        var chosen = await CommandRun.OfAsync(
            "render",
            "--event",
            "defect.created",
            "--to",
            to,
            "--project",
            "SHOP",
            "--template-set",
            "finance",
            "--quiet",
            "--config",
            settings);

        Assert.Equal((0, ""), (routed.ExitCode, routed.Error));
        Assert.StartsWith(title, routed.Output, StringComparison.Ordinal);
        Assert.Contains("Finance says Checkout total", routed.Output, StringComparison.Ordinal);
        Assert.Contains("SHOP D-42", elsewhere.Output, StringComparison.Ordinal);
        Assert.Contains("No route sends this event to", elsewhere.Error, StringComparison.Ordinal);
        Assert.Equal((0, "Finance says Checkout total ignores the voucher", ""), (chosen.ExitCode, chosen.Output.Trim(), chosen.Error));
    }

    [Theory]
    [InlineData("--event defect.resolved --reply", "✅ Resolved by team member 40 after 3 min", "Open in Qase")]
    [InlineData("--event defect.updated --reply", "Updated by team member 40 · Status: Open → In progress", "Open in Qase")]
    [InlineData("--event defect.updated", "Status: Open → In progress · Major", "In progress · Status")]
    [InlineData("--event defect.created --then defect.resolved", "✅ Checkout total ignores the voucher", "The voucher SPRING")]
    [InlineData("--event defect.created --severity blocker --then defect.updated", "In progress · Blocker", "Major")]
    public async Task Render_LaterEvent_ShowsTheReplyOrTheMessageSince(string options, string shown, string hidden)
    {
        var run = await CommandRun.OfAsync(["render", .. options.Split(' '), "--platform", "slack"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(shown, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_ReplyForTeams_IsAnError()
    {
        var run = await CommandRun.OfAsync("render", "--event", "defect.resolved", "--platform", "teams", "--reply");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--reply: only Slack has threads.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_Json_FitsTheDesignerTools()
    {
        var settings = _folder.WriteSettings(ToBoth);

        var slack = await CommandRun.OfAsync("render", "--event", "defect.created", "--to", "web-qa", "--json", "--config", settings);
        var teams = await CommandRun.OfAsync("render", "--event", "defect.created", "--to", "billing", "--json", "--config", settings);

        Assert.Equal(["text", "blocks"], JsonNode.Parse(slack.Output)!.AsObject().Select(property => property.Key));
        Assert.Equal("AdaptiveCard", (string?)JsonNode.Parse(teams.Output)!["type"]);
    }

    [Fact]
    public async Task Render_TemplateThatFails_ReportsThePlaceAndShowsThePlainMessage()
    {
        var settings = _folder.WriteSettings(ToBoth);
        var template = _folder.Write("words/defect.created.sbn", "# {{ defect.title }}\n\n{{ no_such_helper 1 }}\n");

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--to", "web-qa", "--config", settings);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{template}:3:", run.Error, StringComparison.Ordinal);
        Assert.Contains("Fix it, or delete the file", run.Error, StringComparison.Ordinal);
        Assert.Contains("Checkout total ignores the voucher", run.Output, StringComparison.Ordinal);
        Assert.Contains("The template failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_TemplateThatCannotBeParsed_ReportsThePlaceAndShowsTheNextTemplate()
    {
        var settings = _folder.WriteSettings(ToBoth);
        var template = _folder.Write("words/defect.created.sbn", "one\n{{ if defect.title }}\n");
        _folder.Write("words/defect.deleted.sbn", "{{ if }}");
        _folder.Write("words/default.sbn", "{{ if }}");

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--to", "web-qa", "--config", settings);
        var other = await CommandRun.OfAsync("render", "--event", "defect.resolved", "--to", "web-qa", "--config", settings);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{template}:", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect.deleted.sbn", run.Error, StringComparison.Ordinal);
        Assert.Contains("🟡 Checkout total", run.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (other.ExitCode, other.Error));
    }

    [Fact]
    public async Task Render_EventWithoutItsOwnTemplate_ReportsTheErrorOfTheDefault()
    {
        var settings = _folder.WriteSettings(ToBoth);
        var template = _folder.Write("words/default.sbn", "{{ if }}");
        var file = _folder.Write("event.json", """{"event_name":"run.completed","payload":{"id":1},"project_code":"WEB"}""");

        var run = await CommandRun.OfAsync("render", "--event", file, "--to", "billing", "--config", settings);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{template}:1:", run.Error, StringComparison.Ordinal);
    }

    // The log, the readiness report and check have the same texts.
    [Theory]
    [InlineData(
        "x\n{{ event.name\n\n> {{ project.code }}\n",
        1,
        ":2:1: This {{ is not closed before the next tag begins in line 4. Close it with }}.")]
    [InlineData(
        "x\n{{ if defect.step }}\ny {{ for i in 1..2 }}{{ end }}\n\nz",
        1,
        ":2:4: This 'if' has no matching end. Write {{ end }} after its last line.")]
    [InlineData(
        "{{ if defect.step }}\n{{ for i in 1..2 }}\ny\n{{ end }}\nz",
        1,
        ":1:4: This 'if' has no matching end, or the 'for' in line 2 inside it has none. Write {{ end }} after its last line.")]
    [InlineData("x {{ defect.titel }}", 0, ":1:6: There is no 'defect.titel', so it would always be empty. Did you mean 'defect.title'?")]
    [InlineData(
        "x\n{{ defect.severity | severity_emoij }}", 1, ":2:22: There is no helper 'severity_emoij'. Did you mean 'severity_emoji'?")]
    [InlineData(
        "x { defect.title }",
        0,
        ":1:3: '{ defect.title }' is in single braces and would be shown as text. Write {{ defect.title }} to show the value.")]
    public async Task Render_TemplateWithATypo_ReportsThePlaceAndTheFix(string text, int exitCode, string error)
    {
        var settings = _folder.WriteSettings(ToBoth);
        var template = _folder.Write("words/defect.created.sbn", text);

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--platform", "slack", "--config", settings);

        Assert.Equal((exitCode, template + error), (run.ExitCode, run.Error.Split('\n')[0]));
    }

    // Without this, the author of a misnamed file would search for the error in its text.
    [Theory]
    [InlineData("defect.created.sbn", "Rendered with {0}/defect.created.sbn.")]
    [InlineData("default.sbn", "Rendered with the built-in template defect.created.sbn: there is no such file in {0}.")]
    [InlineData("defect-created.sbn", "Rendered with the built-in template defect.created.sbn: there is no such file in {0}.")]
    [InlineData("defect.created.txt", "Rendered with the built-in template defect.created.sbn: there is no such file in {0}.")]
    public async Task Render_AnyFile_SaysWhichFileWasUsed(string file, string expected)
    {
        var settings = _folder.WriteSettings(ToBoth);
        _folder.Write($"words/{file}", "mine");

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--platform", "slack", "--config", settings);
        var quiet = await CommandRun.OfAsync("render", "--event", "defect.created", "--platform", "slack", "--config", settings, "--quiet");

        Assert.EndsWith(string.Format(expected, _folder.PathOf("words")), run.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("Rendered with", quiet.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_UnknownMention_IsAWarning()
    {
        var settings = _folder.WriteSettings(ToBoth);
        var template = _folder.Write("words/defect.created.sbn", "x\n{{ mention 'nobody' }}");

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--platform", "slack", "--config", settings);

        Assert.Equal(
            (0, $"{template}:2:4: mention 'nobody': Templates:Mentions has no 'nobody', so no one is notified."),
            (run.ExitCode, run.Error.Trim()));
    }

    // Templates are often written before there are settings.
    [Theory]
    [InlineData("{ \"Routes\": [ { \"To\": [ \"nowhere\" ] } ] }", "'nowhere', which does not exist")]
    [InlineData("{ \"Destinatons\": {} }", "Did you mean 'Destinations'?")]
    [InlineData("{ no json", "settings.json:1:3: ")]
    [InlineData("", "settings.json:1:1: ")]
    public async Task Render_SettingsWithErrors_RendersForThePlatformAndWarns(string settings, string warning)
    {
        var file = _folder.Write("settings.json", settings);
        _folder.Write("template/defect.created.sbn", "A template of {{ defect.id }}");
        string[] command = ["render", "--event", "defect.created", "--templates", _folder.PathOf("template"), "--config", file];

        var run = await CommandRun.OfAsync([.. command, "--platform", "teams"]);
        var toDestination = await CommandRun.OfAsync([.. command, "--to", "web-qa"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("A template of 42", run.Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "The settings have an error; this command works with the rest.",
            run.Error,
            StringComparison.Ordinal);
        Assert.Contains(warning, run.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (toDestination.ExitCode, toDestination.Output));
    }

    [Fact]
    public async Task Render_MissingSettingsFile_IsAWrongArgument()
    {
        var missing = _folder.PathOf("none.json");

        var run = await CommandRun.OfAsync("render", "--event", "defect.created", "--platform", "teams", "--config", missing);

        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Render_OtherFolder_UsesItsTemplates()
    {
        _folder.Write("template/defect.created.sbn", "A template of {{ defect.id }}");

        var run = await CommandRun.OfAsync(
            "render",
            "--event",
            "defect.created",
            "--platform",
            "teams",
            "--templates",
            _folder.PathOf("template"),
            "--config",
            _folder.WriteSettings(ToBoth));

        Assert.Contains("A template of 42", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[red]bold[/] \u001b[31m\u0007 \u202e <!channel> &amp;")]
    [InlineData("{{ 1 / 0 }} *no* _no_ <https://evil.example|x>")]
    public async Task Render_HostileEvent_IsShownAsTextWithoutControlCharacters(string title)
    {
        var file = _folder.Write("event.json", new JsonObject
        {
            ["event_name"] = "defect.created",
            ["payload"] = new JsonObject { ["id"] = 1, ["title"] = title, ["severity"] = "major" },
            ["project_code"] = "WEB",
        }.ToJsonString());

        foreach (var platform in (string[])["slack", "teams"])
        {
            var run = await CommandRun.OfAsync(
                "render", "--event", file, "--platform", platform, "--config", _folder.WriteSettings(ToBoth));
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.DoesNotContain(run.Output, character => character is '\u001b' or '\u0007' or '\u202e');
            Assert.Contains(title.StartsWith('[') ? "[red]bold[/]" : "{{ 1 / 0 }} *no* _no_", run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Pass either --to or --platform.", "--event", "defect.created")]
    [InlineData("Pass either --to or --platform.", "--event", "defect.created", "--to", "web-qa", "--platform", "slack")]
    [InlineData("Did you mean 'defect.created'?", "--event", "defect.creatd", "--platform", "slack")]
    [InlineData("'web-qq'. Available: billing, web-qa. Did you mean 'web-qa'?", "--event", "defect.created", "--to", "web-qq")]
    [InlineData("--templates: there is no folder 'nowhere'", "--event", "defect.created", "--platform", "slack", "--templates", "nowhere")]
    [InlineData(
        "--template-set: there is no folder 'finance'", "--event", "defect.created", "--platform", "slack", "--template-set", "finance")]
    [InlineData("'discord' not recognized", "--event", "defect.created", "--platform", "discord")]
    [InlineData("--event", "--platform", "slack")]
    public async Task Render_WrongArguments_AreReportedWithExitCodeTwo(string expected, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["render", .. arguments, "--config", _folder.WriteSettings(ToBoth)]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "event.json: ")]
    [InlineData("""{"hello":1}""", "event.json: No event_name")]
    public async Task Render_FileThatIsNotAWebhook_SaysWhy(string content, string expected)
    {
        var run = await CommandRun.OfAsync(
            "render", "--event", _folder.Write("event.json", content), "--platform", "slack", "--config", _folder.WriteSettings(ToBoth));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }
}
