using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The files in src/deploy: what they name exists in the service, and their settings are valid.</summary>
public sealed class DeploymentTests : IDisposable
{
    private const string Unit = "defect-notifier.service";

    /// <summary><c>Delivery:StopWithin</c> and the time to record outcomes.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(8 + 2);

    private static readonly Dictionary<string, string> Secrets = new(StringComparer.Ordinal)
    {
        ["Ingress__Secrets__0"] = TestSecrets.Ingress,
        ["Operations__Secrets__0"] = TestSecrets.Operations,
        ["Destinations__web-qa__Token"] = TestSecrets.Token,
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static JsonNode Kubernetes(string kind) => DeploymentFile.Yaml("kubernetes.yaml").Single(one => (string?)one["kind"] == kind);

    private static JsonNode Pod => Kubernetes("Deployment")["spec"]!["template"]!["spec"]!;

    private static JsonNode Container => Pod["containers"]!.AsArray().Single()!;

    private static JsonNode Compose => DeploymentFile.Yaml("compose.yaml").Single();

    private static JsonNode ComposeService => Compose["services"]!["defect-notifier"]!;

    [Fact]
    public async Task Unit_Verify_FindsNoError()
    {
        // Only the program is not installed here.
        var text = await File.ReadAllTextAsync(DeploymentFile.PathOf(Unit), TestContext.Current.CancellationToken);
        const string Program = "ExecStart=/opt/defect-notifier/DefectNotifier.Worker";
        Assert.Contains(Program, text, StringComparison.Ordinal);
        var copy = _folder.File(Unit);
        await File.WriteAllTextAsync(
            copy, text.Replace(Program, "ExecStart=/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await SystemTool.SucceedsAsync("systemd-analyze", "verify", copy);
        // 2.0 of 10: the service has the network, and almost nothing else.
        await SystemTool.SucceedsAsync("systemd-analyze", "security", "--offline=true", "--threshold=20", copy);
    }

    [Fact]
    public async Task Unit_ItsSettings_AreValid()
    {
        var unit = DeploymentFile.Unit(Unit);
        var credentials = unit["LoadCredential"].Select(value => value.Split(':')[0]).ToList();
        var environment = unit["Environment"].Select(value => value.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Replace("%S", _folder.Path, StringComparison.Ordinal));
        Assert.Equal(Secrets.Keys, credentials);

        await IsValidAsync(environment);

        Assert.True(TimeSpan.FromSeconds(int.Parse(unit["TimeoutStopSec"].Single())) > StopTime);
        Assert.StartsWith(_folder.Path, environment["Outbox__Path"], StringComparison.Ordinal);
        // SIGHUP reloads the settings, see ReloadTests.
        Assert.Equal("/bin/kill -HUP $MAINPID", unit["ExecReload"].Single());
    }

    [Fact]
    public async Task Compose_ItsSettings_AreValidAndFitTheImage()
    {
        var image = DeploymentFile.ImageVariables();
        var secrets = Compose["secrets"]!.AsObject().Select(secret => secret.Key).ToList();
        Assert.Equal(Secrets.Keys, secrets);
        Assert.Equal(secrets, ComposeService["secrets"]!.AsArray().Select(name => (string?)name));

        await IsValidAsync(image);

        Assert.Equal(
            [$"{PortOf(image["Ingress__Url"])}:8080", $"127.0.0.1:{PortOf(image["Operations__Url"])}:8081"],
            ComposeService["ports"]!.AsArray().Select(port => (string?)port));
        Assert.Contains(
            ComposeService["volumes"]!.AsArray(),
            volume => (string?)volume == "data:" + Path.GetDirectoryName(image["Outbox__Path"]));
        Assert.True(TimeSpan.FromSeconds(int.Parse(((string)ComposeService["stop_grace_period"]!).TrimEnd('s'))) > StopTime);
    }

    [Fact]
    public async Task Compose_Healthcheck_SucceedsOnARunningServiceOnly()
    {
        var test = ComposeService["healthcheck"]!["test"]!.AsArray().Select(word => (string)word!).ToArray();
        Assert.Equal(["CMD", "/app/DefectNotifier.Worker", "healthcheck", "--config", "/config/appsettings.json"], test);
        var settings = new WorkerSettings(_folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        await using (await WorkerProcess.ServeAsync(settings)) Assert.Equal(0, await HealthcheckAsync());

        Assert.Equal(1, await HealthcheckAsync());

        async Task<int> HealthcheckAsync() =>
            (await WorkerProcess.RunAsync(_folder.Path, [test[2], test[3], settings.Write("command.json")])).ExitCode;
    }

    [Fact]
    public async Task Kubernetes_ItsSettings_AreValidOnceTheSecretsAreFilledIn()
    {
        var secrets = Kubernetes("Secret")["stringData"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        Assert.Equal(Secrets.Keys, secrets.Keys);
        var image = DeploymentFile.ImageVariables();

        await IsValidAsync(image);

        // The placeholders are no secrets.
        var (exitCode, output) = await CheckAsync(image, secrets);
        Assert.Equal(1, exitCode);
        Assert.All(["Ingress:Secrets", "Operations:Secrets", "Destinations:web-qa:Token"], path => Assert.Contains(path, output.All));
    }

    [Fact]
    public void Kubernetes_Mounts_AreWhereTheServiceReads()
    {
        var image = DeploymentFile.ImageVariables();
        var mounts = Container["volumeMounts"]!.AsArray()
            .ToDictionary(mount => (string)mount!["name"]!, mount => (string)mount!["mountPath"]!);

        Assert.Equal(Path.GetDirectoryName(image["Outbox__Path"]), mounts["data"]);
        Assert.Equal("/run/secrets", mounts["secrets"]);
        Assert.Equal(["--config", mounts["config"] + "/appsettings.json"], Container["args"]!.AsArray().Select(word => (string)word!));
        // A file that is mounted with subPath is not changed by a change of the ConfigMap.
        Assert.All(Container["volumeMounts"]!.AsArray(), mount => Assert.Null(mount!["subPath"]));
        Assert.Equal("false", (string?)Pod["automountServiceAccountToken"]);
        var dockerfile = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Dockerfile"));
        Assert.Contains($"USER {Pod["securityContext"]!["runAsUser"]}\n", dockerfile, StringComparison.Ordinal);
        Assert.Equal("Recreate", (string?)Kubernetes("Deployment")["spec"]!["strategy"]!["type"]);
        Assert.True(TimeSpan.FromSeconds(int.Parse((string)Pod["terminationGracePeriodSeconds"]!)) > StopTime);
    }

    [Fact]
    public async Task Kubernetes_PortsAndProbes_AreThoseOfTheService()
    {
        var image = DeploymentFile.ImageVariables();
        var ports = Container["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (string)port!["containerPort"]!);
        Assert.Equal((PortOf(image["Ingress__Url"]), PortOf(image["Operations__Url"])), (ports["webhooks"], ports["operations"]));
        Assert.All(
            Kubernetes("Service")["spec"]!["ports"]!.AsArray(), port => Assert.Contains((string)port!["targetPort"]!, ports.Keys));
        Assert.Equal(
            ports.Values, Kubernetes("NetworkPolicy")["spec"]!["ingress"]!.AsArray().Select(rule => (string)rule!["ports"]![0]!["port"]!));
        var scrape = Kubernetes("Deployment")["spec"]!["template"]!["metadata"]!["annotations"]!;
        Assert.Equal(ports["operations"], (string?)scrape["prometheus.io/port"]);

        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(_folder));
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
        {
            var get = Container[probe]!["httpGet"]!;
            Assert.Equal("operations", (string?)get["port"]);
            Assert.Equal(200, (await worker.Operations.GetAsync((string)get["path"]!)).Status);
        }

        Assert.Equal(200, (await worker.Operations.GetAsync((string)scrape["prometheus.io/path"]!)).Status);
    }

    private static string PortOf(string url) => new Uri(url).Port.ToString();

    private async Task IsValidAsync(Dictionary<string, string> environment)
    {
        var (exitCode, output) = await CheckAsync(environment, Secrets);
        Assert.True(exitCode == 0, output.All);
    }

    // The settings of the ConfigMap, the same for all. /run/secrets can't be written here: systemd's folder has the same rules.
    private async Task<(int ExitCode, WorkerOutput Output)> CheckAsync(
        Dictionary<string, string> environment, Dictionary<string, string> secrets)
    {
        var credentials = Directory.CreateDirectory(_folder.File("credentials")).FullName;
        foreach (var (name, value) in secrets) await File.WriteAllTextAsync(Path.Combine(credentials, name), value);
        await File.WriteAllTextAsync(_folder.File("appsettings.json"), (string)Kubernetes("ConfigMap")["data"]!["appsettings.json"]!);
        var templates = Path.Combine(RepositoryRoot.Path, "templates");
        return await WorkerProcess.RunAsync(
            _folder.Path,
            new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["CREDENTIALS_DIRECTORY"] = credentials },
            "check", "--config", _folder.File("appsettings.json"), "--templates", templates, "--strict");
    }
}
