using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The alert rules and the dashboard in src/deploy: correct, and only with metrics and labels that the service has.</summary>
public sealed partial class MonitoringTests
{
    private const string Alerts = "prometheus-alerts.yaml";

    [Fact]
    public async Task Alerts_TheirTests_Succeed()
    {
        await SystemTool.SucceedsAsync("promtool", "check", "rules", DeploymentFile.PathOf(Alerts));
        await SystemTool.SucceedsAsync("promtool", "test", "rules", DeploymentFile.PathOf("prometheus-alerts.test.yaml"));
    }

    [Fact]
    public async Task Dashboard_ItsQueries_AreCorrect()
    {
        using var folder = new TestFolder();
        var rules = DashboardQueries().Select((query, index) => new JsonObject
        {
            ["record"] = $"query{index}",
            ["expr"] = query.Replace("$__rate_interval", "5m", StringComparison.Ordinal)
                .Replace("$__range", "1h", StringComparison.Ordinal),
        });
        var file = new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject { ["name"] = "dashboard", ["rules"] = new JsonArray([.. rules]) }),
        };
        // JSON is YAML.
        await File.WriteAllTextAsync(folder.File("dashboard.yaml"), file.ToJsonString(), TestContext.Current.CancellationToken);

        await SystemTool.SucceedsAsync("promtool", "check", "rules", folder.File("dashboard.yaml"));
    }

    [Fact]
    public async Task Documents_ScrapeConfiguration_IsCorrect()
    {
        using var folder = new TestFolder();
        var section = new DocumentSection(RepositoryRoot.Path, "src/docs/deploy.md", "## Prometheus and Grafana");
        var block = Assert.Single(section.Blocks("yaml"));
        await File.WriteAllTextAsync(folder.File("prometheus.yml"), block, TestContext.Current.CancellationToken);
        File.Copy(DeploymentFile.PathOf(Alerts), folder.File(Alerts));

        await SystemTool.SucceedsAsync("promtool", "check", "config", folder.File("prometheus.yml"));
    }

    [Fact]
    public void Alerts_EachOne_SaysWhatItMeansAndWhatToDo()
    {
        var alerts = AlertRules();

        Assert.InRange(alerts.Count, 8, 20);
        Assert.All(alerts, alert =>
        {
            Assert.Contains((string?)alert["labels"]!["severity"], (string[])["critical", "warning", "info"]);
            Assert.NotEmpty((string)alert["annotations"]!["summary"]!);
            Assert.NotEmpty((string)alert["annotations"]!["description"]!);
        });
    }

    [Fact]
    public async Task AlertsAndDashboard_EachMetricAndLabel_IsOneOfTheService()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        Directory.CreateDirectory(folder.File("templates"));
        await File.WriteAllTextAsync(
            folder.File("templates/defect.created.sbn"), "{{ for i in 1..900; s = 'a' | string.pad_left 190000; end }}",
            TestContext.Current.CancellationToken);
        await using var qase = await QaseServer.StartAsync();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web", "WEB")
            .Set("Templates:Path", folder.File("templates")).Set("Qase:Token", TestSecrets.Qase).Set("Qase:ApiUrl", qase.ApiUrl);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        chat.Script.Next("web", AdminScene.Rejection);
        await worker.Ingress.AcceptsAsync([1, 2, 3]);
        Assert.Equal("unrouted", (await worker.Ingress.PostAsync(Webhooks.Created(4, "BILL"))).EventStatus);
        Assert.Equal(400, (await worker.Ingress.PostAsync("no webhook")).Status);
        await worker.Operations.DrainedAsync();
        settings.Set("Qase:DefectUrl", "https://qase.example/{code}/{id}").Write();
        await worker.ReloadAsync("Qase");
        await Eventually.HoldsAsync(
            async () => await worker.Operations.MetricAsync("defectnotifier_qase_requests_total") > 0, () => worker.Output.All);

        var (_, metrics) = await worker.Operations.GetAsync("/metrics");
        var queries = AlertRules().Select(alert => (string)alert["expr"]!).Concat(DashboardQueries()).ToList();
        var selectors = queries.SelectMany(query => Selector().Matches(query)).ToList();
        Assert.NotEmpty(selectors);
        foreach (var selector in selectors)
        {
            var name = selector.Groups["name"].Value;
            // Nothing is purged within the time of a test.
            if (name == "defectnotifier_pruned_total") continue;
            var sample = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(name + "{", StringComparison.Ordinal));
            Assert.True(sample is not null, $"The service has no metric {name}.");
            // Prometheus adds the instance.
            foreach (var label in Label().Matches(selector.Groups["labels"].Value).Select(match => match.Groups["label"].Value))
            {
                var isKnown = label == "instance" || sample.Contains(label + "=\"", StringComparison.Ordinal);
                Assert.True(isKnown, $"{name} has no label {label}.");
            }
        }

        // The labels' values that the rules look for.
        foreach (var (name, value) in ((string, string)[])
            [("deliveries", "outcome=\"dead\""), ("events", "outcome=\"unrouted\""), ("events", "outcome=\"rejected\"")])
            Assert.Equal(1, await worker.Operations.MetricAsync($"defectnotifier_{name}_total", value));
    }

    private static List<JsonNode> AlertRules() =>
    [
        .. DeploymentFile.Yaml(Alerts).Single()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!),
    ];

    private static IEnumerable<string> DashboardQueries()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(DeploymentFile.PathOf("grafana-dashboard.json")))!;
        return dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);
    }

    [GeneratedRegex(@"(?<name>defectnotifier_\w+)(\{(?<labels>[^}]*)\})?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>\w+)=~?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
