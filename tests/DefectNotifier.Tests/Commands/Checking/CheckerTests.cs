using System.Globalization;
using DefectNotifier.Worker.Commands.Checking;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Tests.Commands.Checking;

public sealed class CheckerTests
{
    private const string GoodTemplate =
        """
        # {{ defect.title }}

        {{ if defect.step }}
        {{ defect.severity | severity_label }} at {{ defect.step }}
        {{ end }}

        > {{ defect.actual_result | truncate 300 }}

        {{ include '_footer' }}

        """;

    public static TheoryData<int, string> Cases => [.. FindingCase.All.Select((one, index) => (index, one.Code))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_OneError_FindsOnlyThatError(int index, string code)
    {
        var broken = FindingCase.All[index];
        using var folder = new CheckFolder();
        broken.Break(folder);

        var report = await folder.CheckAsync(limit: code == "unfinished" ? TimeSpan.Zero : null);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(code, finding.Code.Word());
        Assert.EndsWith(broken.Place, finding.Place, StringComparison.Ordinal);
        Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
        Assert.Equal(finding.Severity == FindingSeverity.Error ? 1 : 0, report.Errors);
    }

    [Fact]
    public void All_EveryCode_HasATestCaseAndAUniqueWord()
    {
        Assert.Equal(
            Enum.GetValues<FindingCode>().Select(code => code.Word()).Order(StringComparer.Ordinal),
            FindingCase.All.Select(one => one.Code).Concat(OnlineCheckTests.Codes).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Enum.GetValues<FindingCode>(), code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code.Word()));
    }

    [Fact]
    public async Task Run_SilenceOfThisWeek_IsNoFinding()
    {
        using var folder = new CheckFolder();
        folder.Silence(days: 6);

        Assert.Empty((await folder.CheckAsync()).Findings);
    }

    // Regression: an invalid severity made check throw.
    [Theory]
    [InlineData("\"majr\"", "Did you mean 'major'?")]
    [InlineData("\"undefined\"", null)]
    public async Task Run_InvalidMinSeverity_IsAFinding(string severity, string? suggestion)
    {
        using var folder = new CheckFolder();
        folder.Set("Routes:0:MinSeverity", severity).File("defect.created.sbn", "x");

        var report = await folder.CheckAsync();

        var finding = Assert.Single(report.Findings, one => one.Code == FindingCode.Setting);
        Assert.Equal(("Routes:0:MinSeverity", suggestion), (finding.Place, finding.Suggestion?.Trim()));
    }

    [Fact]
    public async Task Run_NoErrors_FindsNothing()
    {
        using var folder = new CheckFolder();
        folder.File("defect.created.sbn", GoodTemplate);

        var report = await folder.CheckAsync();

        Assert.Equal((0, 0, 0), (report.Errors, report.Warnings, report.ExitCode(isStrict: true)));
    }

    [Fact]
    public async Task Run_BuiltInTemplatesAndExampleSettings_FindsNothing()
    {
        var options = new CheckOptions(
            Path.Combine(Repository.Root, "appsettings.example.json"), Path.Combine(Repository.Root, "templates"), IsOnline: false);

        var report = await Checker.RunAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task Run_ManyErrors_ReportsAllTogether()
    {
        using var folder = new CheckFolder();
        folder.Slack("web").Set("Destinations:web:Chanel", "\"C1\"").Set("Routes:0:To:0", "\"wep\"").Route("""{ "To": ["lobby"] }""")
            .File("default.sbn", "x {{ defect.titel }}").File("defect.created.sbn", "x {{ nosuch 1 }}");

        var report = await folder.CheckAsync();

        var codes = report.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Code.Word());
        Assert.Equal(["setting", "shadowed-route", "unknown-function", "unknown-name"], codes.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, report.Findings.Count(finding => finding.Code == FindingCode.Setting));
        Assert.Contains(report.Findings, finding => finding.Suggestion == "Did you mean 'defect.title'?");
    }

    // Each cycle leads through files that no rendering uses together.
    [Theory]
    [InlineData(
        "_a.sbn",
        "{{ include '_b' }}",
        "finance/_b.sbn",
        "{{ include '_c' }}",
        "_c.sbn",
        "{{ include '_d' }}",
        "legal/_d.sbn",
        "{{ include '_a' }}")]
    [InlineData(
        "_a.sbn",
        "{{ include '_b' }}",
        "_b.sbn",
        "y",
        "slack/_b.json.sbn",
        "{{ include '_c' }}",
        "teams/_c.json.sbn",
        "{{ include '_b' }}")]
    public async Task Run_IncludesAcrossSets_AreNoCycle(params string[] files)
    {
        using var folder = new CheckFolder();
        foreach (var file in files.Chunk(2)) folder.File(file[0], file[1]);
        foreach (var missing in (string[])["_b", "_c", "_d"])
            if (!File.Exists(Path.Combine(folder.Templates, missing + ".sbn"))) folder.File(missing + ".sbn", "x");

        Assert.DoesNotContain((await folder.CheckAsync()).Findings, finding => finding.Code == FindingCode.IncludeCycle);
    }

    [Theory]
    [InlineData("finance/_a.sbn", "{{ include '_b' }}", "_b.sbn", "{{ include '_a' }}")]
    [InlineData("slack/_a.json.sbn", "{{ include '_b' }}", "_b.sbn", "{{ include '_a' }}")]
    public async Task Run_IncludesAcrossFolders_AreACycleWhenOneRenderingUsesBoth(params string[] files)
    {
        using var folder = new CheckFolder();
        foreach (var file in files.Chunk(2)) folder.File(file[0], file[1]);

        Assert.Equal(2, (await folder.CheckAsync()).Findings.Count(finding => finding.Code == FindingCode.IncludeCycle));
    }

    // Built-in templates are rendered only with a piece that they may include.
    [Theory]
    [InlineData(0, "_mine.sbn", "x")]
    [InlineData(1, "_mine.sbn", "{{ event.time | date 'q' }}", "default.sbn", "x {{ include '_mine' }}")]
    [InlineData(0, "finance/_mine.sbn", "{{ event.time | date 'q' }}")]
    [InlineData(1, "finance/_mine.sbn", "{{ event.time | date 'q' }}", "_mine.sbn", "x", "default.sbn", "x {{ include '_mine' }}")]
    [InlineData(1, "finance/_mine.sbn", "{{ event.time | date 'q' }}", "_mine.sbn", "x", "_footer.sbn", "{{ include '_mine' }}")]
    public async Task Run_PieceFails_IsReportedOnceWhenATemplateIncludesIt(int errors, params string[] files)
    {
        using var folder = new CheckFolder();
        folder.Route("""{ "To": ["lobby"], "TemplateSet": "finance" }""").Set("Routes:1:Events", """["x"]""");
        foreach (var file in files.Chunk(2)) folder.File(file[0], file[1]);

        var found = (await folder.CheckAsync()).Findings.Where(finding => finding.Code == FindingCode.RenderError).ToList();

        Assert.Equal(errors, found.Count);
        Assert.All(found, finding => Assert.EndsWith($"{files[0]}:1:17", finding.Place, StringComparison.Ordinal));
    }

    // The service prefers the set's Markdown to the common JSON.
    [Fact]
    public async Task Run_SetsMarkdownAndCommonJson_ReportsTheFileThatIsUsed()
    {
        using var folder = new CheckFolder();
        folder.Route("""{ "To": ["lobby"], "TemplateSet": "finance" }""").Set("Routes:1:Events", """["x"]""")
            .File("finance/default.sbn", "{{ for i in 1..900 }}{{ event.name }} says {{ i }}, and so on, and so forth. {{ end }}")
            .File("slack/default.json.sbn", """[ { "type": "divider" } ]""");

        Assert.EndsWith(
            "finance/default.sbn",
            (await folder.CheckAsync()).Findings.Single(finding => finding.Code == FindingCode.Shortened).Place,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ExitCode_OnlyWarnings_FailsWhenStrict()
    {
        var report = CheckReport.Of([FindingCode.RateLimitOff.At("x", "y.")], []);

        Assert.Equal((0, 1), (report.ExitCode(isStrict: false), report.ExitCode(isStrict: true)));
    }

    [Fact]
    public async Task Run_Findings_ContainNoSecret()
    {
        using var folder = new CheckFolder();
        folder.Slack("web", more: """, "Url": "https://x.example/SECRET" """)
            .Set("Destinations:hook", """{ "Type": "slack-webhook", "Url": "https://hooks.slack.com/workflows/SECRET" }""")
            .Set("Destinations:far", """{ "Type": "teams", "Url": "https://x.webhook.office.com/SECRET" }""");

        var report = await folder.CheckAsync();

        Assert.NotEmpty(report.Findings);
        Assert.All(report.Findings, finding => Assert.DoesNotContain("SECRET", finding.ToString(), StringComparison.Ordinal));
        Assert.All(report.Findings, finding => Assert.DoesNotContain("xoxb-", finding.ToString(), StringComparison.Ordinal));
    }

    // Typical mistakes in a template, each with the line that is reported.
    [Theory]
    [InlineData("{{ defect.title }}", "{{ defect.title", 1, "Close it with }}")]
    [InlineData("{{ defect.title }}", "{{ defect.title }", 1, "")]
    [InlineData("{{ defect.title }}", "{ defect.title }}", 1, "shown as text")]
    [InlineData("{{ defect.title }}", "{ defect.title }", 1, "{{ defect.title }}")]
    [InlineData("defect.title", "defect.tilte", 1, "Did you mean 'defect.title'?")]
    [InlineData("defect.title", "title", 1, "Did you mean 'defect.title'?")]
    [InlineData("{{ end }}", "", 3, "Write {{ end }} after its last line.")]
    [InlineData("severity_label", "severitylabel", 4, "Did you mean 'severity_label'?")]
    [InlineData("truncate 300", "truncate", 7, "takes 2 arguments")]
    [InlineData("'_footer'", "'_fotter'", 9, "Did you mean '_footer'?")]
    [InlineData("'_footer'", "_footer", 9, "_footer")]
    [InlineData("if defect.step", "if defect.step then", 3, "")]
    [InlineData("> {{", "> {{ {{", 7, "")]
    public async Task Run_TemplateMistake_ReportsTheLineAndTheFix(string good, string bad, int line, string fix)
    {
        using var folder = new CheckFolder();
        var at = GoodTemplate.IndexOf(good, StringComparison.Ordinal);
        folder.File("defect.created.sbn", GoodTemplate[..at] + bad + GoodTemplate[(at + good.Length)..]);

        var findings = (await folder.CheckAsync()).Findings;

        Assert.Contains(findings, finding => finding.Place.Contains(
            $"defect.created.sbn:{line.ToString(CultureInfo.InvariantCulture)}:", StringComparison.Ordinal)
            && $"{finding.Message} {finding.Suggestion}".Contains(fix, StringComparison.Ordinal));
    }
}
