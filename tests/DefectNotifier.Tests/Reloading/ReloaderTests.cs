using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Ingress;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DefectNotifier.Tests.Reloading;

/// <summary>What a reload activates, and what it rejects.</summary>
public sealed class ReloaderTests : IAsyncDisposable
{
    private readonly ReloadWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void Reload_RouteChanged_PlansWithItUnderANewVersion()
    {
        var first = _world.Current;

        var (configuration, state, changes) = _world.Reload(settings => settings["Routes"]![0]!["To"]![0] = "mobile");

        Assert.Equal(["Routes changed"], changes);
        Assert.False(state.HasErrors);
        Assert.Same(_world.Current, configuration);
        var decision = configuration.Pipeline.Routes.Plan(Some.DefectEvent);
        Assert.Equal("mobile", Assert.Single(decision.Deliveries).Destination);
        Assert.Equal(configuration.Version, decision.Version);
        Assert.NotEqual(first.Version, configuration.Version);
        Assert.Equal("web-qa", Assert.Single(first.Pipeline.Routes.Plan(Some.DefectEvent).Deliveries).Destination);
    }

    [Fact]
    public void Reload_ChangeReverted_HasTheOldVersionAgain()
    {
        var first = _world.Current.Version;
        Assert.Matches("^[0-9a-f]{8}$", first);

        _world.Template("defect.created.sbn", "second text");
        Assert.Equal(["template defect.created.sbn changed"], _world.Reload().Changes);
        Assert.NotEqual(first, _world.Current.Version);
        _world.Template("defect.created.sbn", "first text");
        _world.Reload();

        Assert.Equal(first, _world.Current.Version);
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("nowhere")]
    public void Reload_CandidateAlreadyHandled_DoesNothing(string to)
    {
        _world.Settings["Routes"]![0]!["To"]![0] = to;
        _world.Write();
        var read = _world.Reloader.Read();
        Assert.True(_world.Reloader.IsNew(read));

        Assert.NotNull(_world.Reloader.Reload("an operator"));

        Assert.Null(_world.Reloader.Reload(trigger: null, read));
    }

    [Fact]
    public void Reload_NothingChanged_KeepsTheConfiguration()
    {
        var first = _world.Current;

        var result = _world.Reload();

        Assert.Empty(result.Changes);
        Assert.Same(first, _world.Current);
    }

    [Fact]
    public void Reload_DestinationsAddedRemovedAndChanged_ListsTheirNames()
    {
        System.IO.File.WriteAllText(_world.File("url"), "https://hooks.example/services/T1/B1/one");
        Assert.Equal(
            ["destination billing added", "destination mobile removed"],
            _world.Reload(settings =>
            {
                settings["Destinations"]!.AsObject().Remove("mobile");
                settings["Destinations"]!["billing"] = new JsonObject { ["Type"] = "slack-webhook", ["UrlFile"] = _world.File("url") };
            }).Changes);
        Assert.Equal(["billing", "web-qa"], _world.Host.Services.GetRequiredService<LaneHost>().Statuses.Select(lane => lane.Destination));

        System.IO.File.WriteAllText(_world.File("url"), "https://hooks.example/services/T1/B1/two");

        var (_, _, changes) = _world.Reload();
        Assert.Equal(["destination billing changed"], changes);
    }

    [Fact]
    public void Reload_SettingsWithErrors_AreRejectedAsAWholeUntilTheyAreFixed()
    {
        var first = _world.Current;
        _world.Template("defect.created.sbn", "second text");

        var rejected = _world.Reload(settings =>
        {
            settings["Routes"]![0]!["To"]![0] = "mobil";
            settings["Delivery"] = new JsonObject { ["MaxAge"] = "soon" };
            settings["Destinations"]!["web-qa"]!["As"] = "teams";
        });

        Assert.Same(first, _world.Current);
        Assert.Equal(
            ["Delivery:MaxAge", "Routes:0:To:0"],
            rejected.State.Rejected.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.NotNull(rejected.State.RejectedAt);
        Assert.Contains("first text", _world.Rendered(), StringComparison.Ordinal);

        var corrected = _world.Reload(settings =>
        {
            settings["Routes"]![0]!["To"]![0] = "mobile";
            settings.Remove("Delivery");
        });

        Assert.False(corrected.State.HasErrors);
        Assert.Null(corrected.State.RejectedAt);
        Assert.Equal(["destination web-qa changed", "Routes changed", "template defect.created.sbn changed"], corrected.Changes);
        Assert.Contains("second text", _world.Rendered(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_ErrorReverted_HasNoErrors()
    {
        var first = _world.Current;
        Assert.True(_world.Reload(settings => settings["Rutes"] = new JsonArray()).State.HasErrors);

        Assert.False(_world.Reload(settings => settings.Remove("Rutes")).State.HasErrors);

        Assert.Same(first, _world.Current);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{ "Destinations": { "web-qa": """)]
    [InlineData("null")]
    [InlineData(null)]
    public void Reload_FileIncompleteOrMissing_IsRejected(string? text)
    {
        var first = _world.Current;
        if (text is null) System.IO.File.Delete(_world.SettingsFile);
        else System.IO.File.WriteAllText(_world.SettingsFile, text);

        var result = _world.Reloader.Reload("test")!;

        Assert.Same(first, _world.Current);
        Assert.Single(result.State.Rejected);
    }

    [Fact]
    public void Reload_OneTemplateBroken_KeepsItsLastGoodVersionAndActivatesTheRest()
    {
        _world.Template("defect.created.sbn", "some\n{{ if }}");

        var (configuration, state, changes) = _world.Reload(settings => settings["Routes"]![0]!["To"]![0] = "mobile");

        Assert.Equal(["Routes changed"], changes);
        Assert.Equal("defect.created.sbn", Assert.Single(state.BrokenTemplates).Template);
        Assert.True(state.HasErrors);
        Assert.Empty(state.Rejected);
        Assert.Contains("first text", _world.Rendered(), StringComparison.Ordinal);
        Assert.Equal("mobile", Assert.Single(configuration.Pipeline.Routes.Plan(Some.DefectEvent).Deliveries).Destination);

        _world.Template("defect.created.sbn", "first text");
        Assert.False(_world.Reload().State.HasErrors);
        Assert.Same(configuration, _world.Current);
    }

    [Fact]
    public void Reload_RestartSettingsChanged_WaitAndTheRestIsActivated()
    {
        var before = _world.Current.Settings;

        var (configuration, state, _) = _world.Reload(settings =>
        {
            settings["Ingress"]!["Url"] = "http://127.0.0.1:9999";
            settings["Outbox"]!["Path"] = _world.File("other.db");
            settings["Routes"]![0]!["To"]![0] = "mobile";
        });

        Assert.Equal(["Ingress:Url", "Outbox:Path"], state.WaitsForRestart);
        Assert.False(state.HasErrors);
        Assert.Equal((before.Ingress.Url, before.OutboxPath), (configuration.Settings.Ingress.Url, configuration.Settings.OutboxPath));
        Assert.Equal("mobile", configuration.Settings.Routes[0].To[0]);
    }

    [Fact]
    public void Version_NodesWithTheSameSettings_IsTheSame()
    {
        var factory = _world.Host.Services.GetRequiredService<ConfigurationFactory>();
        var loaded = _world.Loader.Load();

        string VersionOf(string node, string host, string schema) => factory.Create(
            loaded.With(loaded.Settings with
            {
                OutboxNode = node,
                OutboxSchema = schema,
                OperationsUrl = new Uri($"http://{host}:8081"),
                Ingress = loaded.Settings.Ingress with { Url = new Uri($"http://{host}:8080") },
            }),
            before: null).Version;

        Assert.Equal(VersionOf("one", "10.0.0.1", "qa"), VersionOf("two", "10.0.0.2", "qa"));
        Assert.NotEqual(VersionOf("one", "10.0.0.1", "qa"), VersionOf("one", "10.0.0.1", "other"));
    }

    [Fact]
    public async Task Reload_SecretsRemovedWhileListeningBeyondLoopback_IsRejected()
    {
        await using var world = new ReloadWorld(settings => settings["Ingress"]!["Url"] = "http://0.0.0.0:0");

        var result = world.Reload(settings => settings["Ingress"] = new JsonObject { ["Url"] = "http://127.0.0.1:0" });

        Assert.StartsWith("Ingress:Secrets: ", Assert.Single(result.State.Rejected), StringComparison.Ordinal);
        Assert.False(world.Current.IngressSecrets.Passes("", sent: null));
    }

    [Fact]
    public void Reload_SecretChanged_IsUsedAtOnceAndNeverShown()
    {
        Assert.True(_world.Current.IngressSecrets.Passes("", "first-secret-3f9a27c1"));

        var (_, _, changes) = _world.Reload(
            settings => settings["Ingress"]!["Secrets"] = new JsonArray("second-secret-3f9a27c1", "third-secret-3f9a27c1"));

        Assert.Equal(["Ingress changed"], changes);
        Assert.False(_world.Current.IngressSecrets.Passes("", "first-secret-3f9a27c1"));
        Assert.True(_world.Current.IngressSecrets.Passes("", "second-secret-3f9a27c1"));
        Assert.True(_world.Current.IngressSecrets.Passes("", "third-secret-3f9a27c1"));
        Assert.DoesNotContain(
            "-secret", Encoding.UTF8.GetString(SettingsJson.WithoutSecrets(_world.Current.Settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_LogLevelAndStopWithin_AreUsedAtOnce()
    {
        var logger = _world.Host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DefectNotifier.Anything");
        Assert.False(logger.IsEnabled(LogLevel.Critical));

        _world.Reload(settings =>
        {
            settings["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Critical" } };
            settings["Delivery"] = new JsonObject { ["StopWithin"] = "3s" };
        });

        Assert.True(logger.IsEnabled(LogLevel.Critical));
        Assert.False(logger.IsEnabled(LogLevel.Error));
        Assert.Equal(TimeSpan.FromSeconds(3), _world.Host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task HandleAsync_ReloadWhileTheBodyArrives_UsesTheConfigurationOfItsStart()
    {
        var first = _world.Current.Version;
        var body = new Pipe();
        var context = new DefaultHttpContext { RequestServices = _world.Host.Services };
        (context.Request.Method, context.Request.Path) = ("POST", "/webhooks/qase");
        context.Request.Headers["X-Qase-Secret"] = "first-secret-3f9a27c1";
        (context.Request.Body, context.Response.Body) = (body.Reader.AsStream(), new MemoryStream());
        await body.Writer.WriteAsync(Payloads.Read("defect/created.json").AsMemory(0, 10), TestContext.Current.CancellationToken);

        var handling = _world.Host.Services.GetRequiredService<WebhookEndpoint>().HandleAsync(context);
        _world.Reload(settings =>
        {
            settings["Routes"]![0]!["To"]![0] = "mobile";
            settings["Ingress"]!["Secrets"]![0] = "second-secret-3f9a27c1";
            settings["Ingress"]!["Path"] = "/elsewhere";
        });
        await body.Writer.WriteAsync(Payloads.Read("defect/created.json").AsMemory(10), TestContext.Current.CancellationToken);
        await body.Writer.CompleteAsync();
        await handling;

        Assert.Equal(202, context.Response.StatusCode);
        var stored = Assert.Single(
            await _world.Host.Services.GetRequiredService<IOutboxHistory>()
                .ReadEventsAsync(new EventQuery(), TestContext.Current.CancellationToken));
        Assert.Equal((first, "web-qa"), (stored.Decision.Version, Assert.Single(stored.Deliveries).Destination));
        Assert.NotEqual(first, _world.Current.Version);
    }

    [Fact]
    public async Task CheckAsync_ErrorsAndWaitingSettings_AreReportedByPathOnly()
    {
        _world.Template("defect.created.sbn", "{{ if }}");
        _world.Reload(settings => settings["Ingress"]!["Url"] = "http://127.0.0.1:9999");
        _world.Reload(settings => settings["Ingress"]!["MaxWaiting"] = "xoxb-in-the-wrong-place");

        await _world.Host.Services.GetRequiredService<LaneHost>().StartAsync(TestContext.Current.CancellationToken);
        var readiness = _world.Host.Services.GetRequiredService<Readiness>();
        var report = (await readiness.CheckAsync(TimeSpan.Zero, TestContext.Current.CancellationToken)).Configuration;

        Assert.Equal(_world.Current.Version, report.Version);
        Assert.Equal(["Ingress:MaxWaiting"], report.Rejected);
        Assert.NotNull(report.RejectedAt);
        Assert.StartsWith("defect.created.sbn:1:", Assert.Single(report.BrokenTemplates), StringComparison.Ordinal);
        Assert.Equal(["Ingress:Url"], report.WaitsForRestart);
    }
}
