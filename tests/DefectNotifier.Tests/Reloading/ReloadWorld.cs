using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DefectNotifier.Tests.Reloading;

/// <summary>A service with its own settings file and templates, built but not started, so that nothing reloads by itself.</summary>
internal sealed class ReloadWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reload-");
    private readonly ChatComponents _components = new(TimeProvider.System);

    /// <param name="prepare">Changes the settings before they are read for the first time.</param>
    /// <param name="layOut">Moves the settings file, for example behind symbolic links.</param>
    public ReloadWorld(Action<JsonObject>? prepare = null, Action<ReloadWorld>? layOut = null)
    {
        Settings = JsonNode.Parse(
            """
            {
              "Ingress": { "Url": "http://127.0.0.1:0", "Secrets": [ "first-secret-3f9a27c1" ] },
              "Operations": { "Url": "http://127.0.0.1:0" },
              "Outbox": { "MinFreeBytes": 0 },
              "Destinations": { "web-qa": { "Type": "sandbox" }, "mobile": { "Type": "sandbox", "As": "teams" } },
              "Routes": [ { "To": [ "web-qa" ] } ],
              "Logging": { "LogLevel": { "Default": "None" } }
            }
            """)!.AsObject();
        Settings["Outbox"]!["Path"] = File("outbox.db");
        Settings["Templates"] = new JsonObject { ["Path"] = File("templates") };
        Directory.CreateDirectory(File("templates"));
        prepare?.Invoke(Settings);
        Template("defect.created.sbn", "first text");
        Write();
        layOut?.Invoke(this);
        Loader = new SettingsLoader(SettingsFile, _components.NewSettingsReader());
        Host = NotifierHost.Build(Loader.Load, _components);
        Reloader = Host.Services.GetRequiredService<Reloader>();
    }

    public JsonObject Settings { get; private set; }

    public SettingsLoader Loader { get; }

    public WebApplication Host { get; }

    public Reloader Reloader { get; }

    public string SettingsFile => File("settings.json");

    public NotifierConfiguration Current => Host.Services.GetRequiredService<CurrentConfiguration>().Value;

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Write() => System.IO.File.WriteAllText(SettingsFile, Settings.ToJsonString());

    public void Template(string name, string text) => System.IO.File.WriteAllText(File($"templates/{name}"), text);

    /// <summary>Changes the settings, writes the file and reloads.</summary>
    public ReloadResult Reload(Action<JsonObject>? change = null)
    {
        change?.Invoke(Settings);
        Write();
        return Reloader.Reload("test")!;
    }

    /// <summary>The message for a new defect with the active configuration.</summary>
    public string Rendered()
    {
        var message = Current.Pipeline.Renderer.Render(
            new RenderRequest { Event = Some.DefectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack });
        return Encoding.UTF8.GetString(message.Message.Json.Span);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _components.Dispose();
        _folder.Delete(recursive: true);
    }
}
