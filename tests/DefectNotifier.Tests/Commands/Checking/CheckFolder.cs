using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Checking;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Commands.Checking;

/// <summary>A folder with valid settings and templates, except for what a test changes.</summary>
internal sealed class CheckFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check-");

    public CheckFolder()
    {
        Directory.CreateDirectory(Templates);
        Settings = new JsonObject
        {
            ["Ingress"] = new JsonObject { ["Secrets"] = new JsonArray("7d1f0c9e5b3a48261f7e") },
            [nameof(Templates)] = new JsonObject { ["Path"] = Templates },
            ["Destinations"] = new JsonObject { ["lobby"] = new JsonObject { ["Type"] = "sandbox" } },
            ["Routes"] = new JsonArray(new JsonObject { ["To"] = new JsonArray("lobby") }),
        };
    }

    public JsonObject Settings { get; }

    public string Templates => Path.Combine(_folder.FullName, "templates");

    public string ConfigFile => Path.Combine(_folder.FullName, "settings.json");

    /// <summary>Replaces the settings; for text that is not JSON.</summary>
    public string? RawSettings { get; set; }

    public CheckFolder Set(string path, string json)
    {
        var parts = path.Split(':');
        JsonNode section = Settings;
        foreach (var part in parts[..^1]) section = section is JsonArray list ? list[int.Parse(part)]! : section[part] ??= new JsonObject();
        var value = JsonNode.Parse(json);
        if (section is JsonArray array) array.Insert(int.Parse(parts[^1]), value);
        else section[parts[^1]] = value;
        return this;
    }

    /// <summary>Adds a Slack bot, and a route to it before the others.</summary>
    public CheckFolder Slack(string name, string channel = "C0123456789", string more = "")
    {
        Set($"Destinations:{name}", $$"""{ "Type": "slack", "Channel": "{{channel}}", "Token": "xoxb-1-token"{{more}} }""");
        return Route($$"""{ "To": ["{{name}}"], "Continue": true }""");
    }

    /// <summary>Adds or replaces a sandbox that shows Adaptive Cards.</summary>
    public CheckFolder Teams(string name) => Set($"Destinations:{name}", """{ "Type": "sandbox", "As": "teams" }""");

    public CheckFolder Route(string json) => Set("Routes:0", json);

    public CheckFolder File(string name, string text)
    {
        var path = Path.Combine(Templates, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return this;
    }

    /// <summary>Writes the file that the settings name as the outbox.</summary>
    public CheckFolder Outbox(string text)
    {
        var path = Path.Combine(_folder.FullName, "outbox.db");
        System.IO.File.WriteAllText(path, text);
        return Set("Outbox:Path", $"\"{path}\"");
    }

    /// <summary>Writes an outbox with a silence from this many days ago, which has matched nothing.</summary>
    public CheckFolder Silence(int days)
    {
        var path = Path.Combine(_folder.FullName, "outbox.db");
        var now = TimeProvider.System.GetUtcNow();
        var options = new SqliteOutboxOptions { Path = path, MinFreeBytes = 0 };
        var outbox = SqliteOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        var silence = Some.Silence with { StartsAt = now.AddDays(-days), EndsAt = now.AddDays(1) };
        outbox.AddSilenceAsync(silence, now).GetAwaiter().GetResult();
        outbox.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Set("Outbox:Path", $"\"{path}\"");
    }

    public async Task<CheckReport> CheckAsync(bool isOnline = false, TimeSpan? limit = null)
    {
        await System.IO.File.WriteAllTextAsync(ConfigFile, RawSettings ?? Settings.ToJsonString(), TestContext.Current.CancellationToken);
        var options = new CheckOptions(ConfigFile, Templates: null, isOnline);
        return await Checker.RunAsync(
            limit is { } max ? options with { MaxRenderTime = max } : options, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
