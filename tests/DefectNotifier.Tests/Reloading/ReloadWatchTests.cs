using System.Text.Json.Nodes;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Reloading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Reloading;

/// <summary>Every way to change a file is noticed, and a file that is still being written is not used.</summary>
public sealed class ReloadWatchTests : IAsyncDisposable
{
    private readonly JumpingTime _time = new(Some.Moment);
    private readonly LogLines<TemplateWarnings> _warnings = new();
    private ReloadWorld? _world;
    private ReloadWatch? _watch;

    public static TheoryData<string> Edits => ["in place", "by renaming", "as a config map"];

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.StopAsync(CancellationToken.None);
        _watch?.Dispose();
        if (_world is not null) await _world.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task Watch_SettingsEdited_AreActivated(string how)
    {
        _world = how == "as a config map" ? new ReloadWorld(layOut: MountAsConfigMap) : new ReloadWorld();
        await WatchAsync();

        _world.Settings["Routes"]![0]!["To"]![0] = "mobile";
        Write(how, _world.Settings.ToJsonString());
        await ActiveAsync(() => _world.Current.Settings.Routes[0].To[0] == "mobile");
        Write(how, "{ \"Routes\": 7 }");
        await ActiveAsync(() => _world.Reloader.State.Rejected.Count > 0);
        _world.Settings["Routes"]![0]!["To"]![0] = "web-qa";
        Write(how, _world.Settings.ToJsonString());
        await ActiveAsync(() => _world.Current.Settings.Routes[0].To[0] == "web-qa" && !_world.Reloader.State.HasErrors);
    }

    [Fact]
    public async Task Watch_TemplateOrSecretFileEdited_IsActivated()
    {
        _world = new ReloadWorld();
        File.WriteAllText(_world.File("secrets"), "one");
        _world.Settings["Ingress"] = new JsonObject { ["Url"] = "http://127.0.0.1:0", ["SecretsFile"] = _world.File("secrets") };
        _world.Write();
        await WatchAsync();
        await ActiveAsync(() => _world.Current.IngressSecrets.Passes("", "one"));

        File.WriteAllText(_world.File("secrets"), "two");
        await ActiveAsync(() => _world.Current.IngressSecrets.Passes("", "two"));
        _world.Template("defect.created.sbn", "second text");
        await ActiveAsync(() => _world.Rendered().Contains("second text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_TemplateWithAProbableMistake_IsLoggedOnce()
    {
        _world = new ReloadWorld();
        _world.Template("defect.updated.sbn", "{{ defect.title | truncat 5 }}");
        _world.Reload();
        await WatchAsync();
        await ActiveAsync(() => _warnings.Texts.Count > 0);
        _world.Template("defect.created.sbn", "# {{ defect.titel }}");
        await ActiveAsync(() => _warnings.Texts.Count > 1);
        _world.Template("defect.created.sbn", "fixed");
        await ActiveAsync(() => _world.Rendered().Contains("fixed", StringComparison.Ordinal));
        _world.Template("defect.created.sbn", "{{ defect.titel }}");
        await ActiveAsync(() => _warnings.Texts.Count > 2);

        Assert.Equal(
            [
                "Template defect.updated.sbn:1:19: There is no helper 'truncat'. Did you mean 'truncate'? "
                    + "The template is active nevertheless.",
                "Template defect.created.sbn:1:6: There is no 'defect.titel', so it would always be empty. "
                    + "Did you mean 'defect.title'? The template is active nevertheless.",
                "Template defect.created.sbn:1:4: There is no 'defect.titel', so it would always be empty. "
                    + "Did you mean 'defect.title'? The template is active nevertheless.",
            ],
            _warnings.Texts);
    }

    [Fact]
    public async Task Watch_UnusedTemplateAndRoute_AreLoggedOnce()
    {
        _world = new ReloadWorld();
        await WatchAsync();
        _world.Template("defect.create.sbn", "x");
        _world.Template("defect.created.sbn", "{{ mention 'absent' }}");
        await ActiveAsync(() => _warnings.Texts.Count > 1);
        _world.Settings["Routes"]!.AsArray().Insert(0, new JsonObject { ["To"] = new JsonArray("web-qa") });
        _world.Write();
        await ActiveAsync(() => _warnings.Texts.Count > 2);

        Assert.Equal(
            "Template defect.created.sbn:1:4: Templates:Mentions has no 'absent', so no one is notified. "
            + "The template is active nevertheless.",
            _warnings.Texts[0]);
        Assert.Contains(
            "defect.create.sbn: 'defect.create' is not an event that Qase documents, so this template may never be used.",
            _warnings.Texts[1],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Routes:1: Never matches: the earlier Routes:0 takes every event that this route would take, and does not continue.",
            _warnings.Texts[2],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_TemplateFolderLost_IsRejectedOnceAndUsedAgain()
    {
        _world = new ReloadWorld();
        var first = _world.Current;
        Directory.Move(_world.File("templates"), _world.File("away"));
        // Probable mistakes are searched for in the templates that are active, and not in the folder.
        await WatchAsync();
        await ActiveAsync(() => _world.Reloader.State.Rejected.Count > 0);
        Assert.False(_world.Reloader.IsNew(_world.Reloader.Read()));
        Assert.Contains("first text", _world.Rendered(), StringComparison.Ordinal);

        Directory.Move(_world.File("away"), _world.File("templates"));
        await ActiveAsync(() => !_world.Reloader.State.HasErrors);

        Assert.Same(first, _world.Current);
    }

    [Fact]
    public async Task Watch_ErrorRemains_IsRejectedOnce()
    {
        _world = new ReloadWorld();
        await WatchAsync();
        File.WriteAllText(_world.SettingsFile, "{");
        await ActiveAsync(() => _world.Reloader.State.Rejected.Count > 0);
        var rejectedAt = _world.Reloader.State.RejectedAt;

        // Many polls later.
        await _time.RunAsync(TimeSpan.FromSeconds(40));
        Assert.False(_world.Reloader.IsNew(_world.Reloader.Read()));

        Assert.Equal(rejectedAt, _world.Reloader.State.RejectedAt);
    }

    [Fact]
    public async Task Reload_FilesChangedSinceTheyWereRead_DoesNothing()
    {
        _world = new ReloadWorld();
        var first = _world.Current;
        _world.Settings["Routes"]![0]!["To"]![0] = "mobile";
        _world.Write();
        var read = _world.Reloader.Read();
        _world.Template("defect.created.sbn", "second text");

        Assert.Null(_world.Reloader.Reload(trigger: null, read));

        Assert.Same(first, _world.Current);
        Assert.True(_world.Reloader.IsNew(_world.Reloader.Read()));
        Assert.NotNull(_world.Reloader.Reload(trigger: null, _world.Reloader.Read()));
        await WatchAsync();
    }

    private Task WatchAsync()
    {
        var services = _world!.Host.Services;
        _watch = new ReloadWatch(
            _world.Reloader,
            services.GetRequiredService<CurrentConfiguration>(),
            new TemplateWarnings(_warnings),
            services.GetRequiredService<NotifierMetrics>(),
            _time,
            NullLogger<ReloadWatch>.Instance);
        return _watch.StartAsync(TestContext.Current.CancellationToken);
    }

    private Task ActiveAsync(Func<bool> condition) => _time.UntilAsync(condition, () => "the change is active");

    private void Write(string how, string text)
    {
        var file = _world!.SettingsFile;
        if (how == "in place") File.WriteAllText(file, text);
        if (how == "by renaming")
        {
            File.WriteAllText(file + "~", text);
            File.Move(file + "~", file, overwrite: true);
        }

        if (how == "as a config map") Publish(_world, text);
    }

    // As Kubernetes mounts a config map: settings.json -> ..data/settings.json, ..data -> ..TIME; an update replaces ..data.
    private static void MountAsConfigMap(ReloadWorld world)
    {
        var text = File.ReadAllText(world.SettingsFile);
        File.Delete(world.SettingsFile);
        Publish(world, text);
        File.CreateSymbolicLink(world.SettingsFile, "..data/settings.json");
    }

    private static void Publish(ReloadWorld world, string text)
    {
        var version = $"..{Guid.NewGuid():N}";
        Directory.CreateDirectory(world.File(version));
        File.WriteAllText(world.File($"{version}/settings.json"), text);
        // The same time for all versions, so that only the contents differ.
        File.SetLastWriteTimeUtc(world.File($"{version}/settings.json"), Some.Moment.UtcDateTime);
        if (Directory.Exists(world.File("..data"))) Directory.Delete(world.File("..data"));
        Directory.CreateSymbolicLink(world.File("..data"), version);
    }
}
