using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.FunctionalTests;

/// <summary>The files in src/deploy: what they name exists in the service, and their settings are valid.</summary>
public sealed class DeploymentTests : IDisposable
{
    private const string Unit = "defect-notifier.service";

    // One node with a file, and several on PostgreSQL.
    private const string OneCompose = "compose.yaml";
    private const string NodesCompose = "compose-nodes.yaml";
    private const string OneKubernetes = "kubernetes.yaml";
    private const string NodesKubernetes = "kubernetes-nodes.yaml";

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

    private static JsonNode Kubernetes(string file, string kind) =>
        DeploymentFile.Yaml(file).Single(one => (string?)one["kind"] == kind);

    private static JsonNode PodOf(string file) => Kubernetes(file, "Deployment")["spec"]!["template"]!["spec"]!;

    private static JsonNode ContainerOf(string file) => PodOf(file)["containers"]!.AsArray().Single()!;

    private static JsonNode Compose(string file) => DeploymentFile.Yaml(file).Single();

    private static JsonNode ServiceOf(string file) => Compose(file)["services"]![file == OneCompose ? "defect-notifier" : "node-a"]!;

    // Nodes have the secret of their database, too.
    private static Dictionary<string, string> SecretsOf(string file) => file is OneCompose or OneKubernetes
        ? Secrets
        : new(Secrets, StringComparer.Ordinal) { ["Outbox__ConnectionString"] = "Host=db1,db2;Database=defects;Username=notifier" };

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

        await IsValidAsync(environment, Secrets);

        Assert.True(TimeSpan.FromSeconds(int.Parse(unit["TimeoutStopSec"].Single())) > StopTime);
        Assert.StartsWith(_folder.Path, environment["Outbox__Path"], StringComparison.Ordinal);
        // SIGHUP reloads the settings, see ReloadTests.
        Assert.Equal("/bin/kill -HUP $MAINPID", unit["ExecReload"].Single());
    }

    [Theory]
    [InlineData(OneCompose)]
    [InlineData(NodesCompose)]
    public async Task Compose_ItsSettings_AreValidAndFitTheImage(string file)
    {
        var image = DeploymentFile.ImageVariables();
        var (compose, service) = (Compose(file), ServiceOf(file));
        Assert.Equal(SecretsOf(file).Keys, service["secrets"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(SecretsOf(file).Keys, compose["secrets"]!.AsObject().Select(secret => secret.Key).Where(name => name != "postgres"));
        foreach (var (name, value) in service["environment"]?.AsObject() ?? []) image[name] = (string)value!;

        await IsValidAsync(image, SecretsOf(file));

        Assert.True(TimeSpan.FromSeconds(int.Parse(((string)service["stop_grace_period"]!).TrimEnd('s'))) > StopTime);
    }

    [Fact]
    public void Compose_PortsAndVolume_AreThoseOfTheImage()
    {
        var image = DeploymentFile.ImageVariables();
        Assert.Equal(
            [$"{PortOf(image["Ingress__Url"])}:8080", $"127.0.0.1:{PortOf(image["Operations__Url"])}:8081"],
            ServiceOf(OneCompose)["ports"]!.AsArray().Select(port => (string?)port));
        Assert.Contains(
            ServiceOf(OneCompose)["volumes"]!.AsArray(),
            volume => (string?)volume == "data:" + Path.GetDirectoryName(image["Outbox__Path"]));
    }

    [Fact]
    public void ComposeNodes_TheNodes_AreEqualAndThoseOfTheProxy()
    {
        var services = Compose(NodesCompose)["services"]!.AsObject();
        var nodes = services.Select(service => service.Key).Where(name => name.StartsWith("node-", StringComparison.Ordinal)).ToList();
        Assert.Equal(["node-a", "node-b", "node-c"], nodes);
        Assert.All(nodes, name => Assert.Equal(name, (string?)services[name]!["hostname"]));
        Assert.All(nodes.Skip(1), name => Assert.Equal(
            """{"extends":{"service":"node-a"},"hostname":"NAME"}""", services[name]!.ToJsonString().Replace(name, "NAME")));
        var image = DeploymentFile.ImageVariables();
        var proxy = File.ReadAllText(DeploymentFile.PathOf("haproxy.cfg"));
        foreach (var port in (string[])[PortOf(image["Ingress__Url"]), PortOf(image["Operations__Url"])])
            Assert.All(nodes, name => Assert.Contains($"    server {name} {name}:{port}\n", proxy, StringComparison.Ordinal));
        Assert.Contains($" check port {PortOf(image["Operations__Url"])} ", proxy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_Healthcheck_SucceedsOnARunningServiceOnly()
    {
        var test = ServiceOf(OneCompose)["healthcheck"]!["test"]!.AsArray().Select(word => (string)word!).ToArray();
        Assert.Equal(["CMD", "/app/DefectNotifier.Worker", "healthcheck", "--config", "/config/appsettings.json"], test);
        Assert.Equal(test, ServiceOf(NodesCompose)["healthcheck"]!["test"]!.AsArray().Select(word => (string)word!));
        var settings = new WorkerSettings(_folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        await using (await WorkerProcess.ServeAsync(settings)) Assert.Equal(0, await HealthcheckAsync());

        Assert.Equal(1, await HealthcheckAsync());

        async Task<int> HealthcheckAsync() =>
            (await WorkerProcess.RunAsync(_folder.Path, [test[2], test[3], settings.Write("command.json")])).ExitCode;
    }

    [Theory]
    [InlineData(OneKubernetes)]
    [InlineData(NodesKubernetes)]
    public async Task Kubernetes_ItsSettings_AreValidOnceTheSecretsAreFilledIn(string file)
    {
        var secrets = Kubernetes(file, "Secret")["stringData"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        Assert.Equal(SecretsOf(file).Keys, secrets.Keys);
        var image = DeploymentFile.ImageVariables();
        foreach (var variable in ContainerOf(file)["env"]?.AsArray() ?? []) image[(string)variable!["name"]!] = (string)variable["value"]!;

        await IsValidAsync(image, SecretsOf(file));

        // The placeholders are no secrets.
        var (exitCode, output) = await CheckAsync(image, secrets);
        Assert.Equal(1, exitCode);
        Assert.All(SecretsOf(file).Keys, name => Assert.Contains(PathOf(name), output.All));
        // Lists of secrets are named without the number.
        static string PathOf(string name) => name.Replace("__0", "").Replace("__", ":");
    }

    [Theory]
    [InlineData(OneKubernetes)]
    [InlineData(NodesKubernetes)]
    public void Kubernetes_Mounts_AreWhereTheServiceReads(string file)
    {
        var image = DeploymentFile.ImageVariables();
        var (container, pod) = (ContainerOf(file), PodOf(file));
        var mounts = container["volumeMounts"]!.AsArray()
            .ToDictionary(mount => (string)mount!["name"]!, mount => (string)mount!["mountPath"]!);

        Assert.Equal(Path.GetDirectoryName(image["Outbox__Path"]), mounts["data"]);
        Assert.Equal("/run/secrets", mounts["secrets"]);
        Assert.Equal(["--config", mounts["config"] + "/appsettings.json"], container["args"]!.AsArray().Select(word => (string)word!));
        // A file that is mounted with subPath is not changed by a change of the ConfigMap.
        Assert.All(container["volumeMounts"]!.AsArray(), mount => Assert.Null(mount!["subPath"]));
        Assert.Equal("false", (string?)pod["automountServiceAccountToken"]);
        var dockerfile = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Dockerfile"));
        Assert.Contains($"USER {pod["securityContext"]!["runAsUser"]}\n", dockerfile, StringComparison.Ordinal);
        var pause = int.Parse((string?)container["lifecycle"]?["preStop"]!["sleep"]!["seconds"] ?? "0");
        Assert.True(TimeSpan.FromSeconds(int.Parse((string)pod["terminationGracePeriodSeconds"]!) - pause) > StopTime);
    }

    [Fact]
    public void Kubernetes_Replicas_AreOneWithAFileAndSeveralOnADatabase()
    {
        var (one, nodes) = (Kubernetes(OneKubernetes, "Deployment")["spec"]!, Kubernetes(NodesKubernetes, "Deployment")["spec"]!);

        Assert.Equal(("1", "Recreate"), ((string?)one["replicas"], (string?)one["strategy"]!["type"]));
        Assert.Equal(("3", "RollingUpdate"), ((string?)nodes["replicas"], (string?)nodes["strategy"]!["type"]));
        Assert.Equal("0", (string?)nodes["strategy"]!["rollingUpdate"]!["maxUnavailable"]);
        var budget = Kubernetes(NodesKubernetes, "PodDisruptionBudget")["spec"]!;
        Assert.Equal("2", (string?)budget["minAvailable"]);
        var service = Kubernetes(NodesKubernetes, "Service")["spec"]!;
        foreach (var labels in (JsonNode[])[budget["selector"]!["matchLabels"]!, service["selector"]!])
            Assert.True(JsonNode.DeepEquals(labels, nodes["template"]!["metadata"]!["labels"]));
    }

    // The render journal, the only file that a node writes.
    [Fact]
    public void Nodes_WorkingDirectory_HasTheWritableVolume()
    {
        var folder = Path.GetDirectoryName(DeploymentFile.ImageVariables()["Outbox__Path"]);

        foreach (var directory in (JsonNode[])[ContainerOf(NodesKubernetes)["workingDir"]!, ServiceOf(NodesCompose)["working_dir"]!])
            Assert.Equal(folder, Path.GetDirectoryName(Path.Combine((string)directory!, new NotifierSettings().OutboxPath)));
        Assert.Contains($"VOLUME {folder}\n", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Dockerfile")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubernetes_PortsAndProbes_AreThoseOfTheService()
    {
        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(_folder));
        foreach (var file in (string[])[OneKubernetes, NodesKubernetes])
        {
            var (image, container) = (DeploymentFile.ImageVariables(), ContainerOf(file));
            var ports = container["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (string)port!["containerPort"]!);
            Assert.Equal(
                (PortOf(image["Ingress__Url"]), PortOf(image["Operations__Url"])), (ports["webhooks"], ports["operations"]));
            Assert.All(
                Kubernetes(file, "Service")["spec"]!["ports"]!.AsArray(),
                port => Assert.Contains((string)port!["targetPort"]!, ports.Keys));
            Assert.Equal(
                ports.Values,
                Kubernetes(file, "NetworkPolicy")["spec"]!["ingress"]!.AsArray().Select(rule => (string)rule!["ports"]![0]!["port"]!));
            var scrape = Kubernetes(file, "Deployment")["spec"]!["template"]!["metadata"]!["annotations"]!;
            Assert.Equal(ports["operations"], (string?)scrape["prometheus.io/port"]);

            foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            {
                var get = container[probe]!["httpGet"]!;
                Assert.Equal("operations", (string?)get["port"]);
                Assert.Equal(200, (await worker.Operations.GetAsync((string)get["path"]!)).Status);
            }

            Assert.Equal(200, (await worker.Operations.GetAsync((string)scrape["prometheus.io/path"]!)).Status);
        }
    }

    private static string PortOf(string url) => new Uri(url).Port.ToString();

    private async Task IsValidAsync(Dictionary<string, string> environment, Dictionary<string, string> secrets)
    {
        var (exitCode, output) = await CheckAsync(environment, secrets);
        Assert.True(exitCode == 0, output.All);
    }

    // The settings of the ConfigMap, the same for all. /run/secrets can't be written here: systemd's folder has the same rules.
    private async Task<(int ExitCode, WorkerOutput Output)> CheckAsync(
        Dictionary<string, string> environment, Dictionary<string, string> secrets)
    {
        var credentials = Directory.CreateDirectory(_folder.File("credentials")).FullName;
        foreach (var (name, value) in secrets) await File.WriteAllTextAsync(Path.Combine(credentials, name), value);
        var settings = (string)Kubernetes(OneKubernetes, "ConfigMap")["data"]!["appsettings.json"]!;
        await File.WriteAllTextAsync(_folder.File("appsettings.json"), settings);
        var templates = Path.Combine(RepositoryRoot.Path, "templates");
        return await WorkerProcess.RunAsync(
            _folder.Path,
            new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["CREDENTIALS_DIRECTORY"] = credentials },
            "check", "--config", _folder.File("appsettings.json"), "--templates", templates, "--strict");
    }
}
