using System.Globalization;
using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Builds a worker's settings file: any free ports, an outbox in the test's folder, destinations without a rate limit and without digests,
/// because most tests count messages, and short waits after a failure.
/// </summary>
internal sealed class WorkerSettings(TestFolder folder)
{
    public static readonly TimeSpan BreakDuration = TimeSpan.FromMilliseconds(500);

    private readonly JsonObject _root = new()
    {
        ["Ingress"] = new JsonObject { ["Url"] = "http://127.0.0.1:0" },
        ["Operations"] = new JsonObject { ["Url"] = "http://127.0.0.1:0" },
        ["Outbox"] = new JsonObject { ["Path"] = folder.File("outbox.db") },
        ["Delivery"] = new JsonObject
        {
            ["InitialBackoff"] = "50ms",
            ["ConfirmAfter"] = "50ms",
            ["BreakDuration"] = BreakDuration.ToString("c"),
        },
        ["Destinations"] = new JsonObject(),
        ["Routes"] = new JsonArray(),
    };

    public string Folder => folder.Path;

    /// <summary>Where webhooks are sent; useful only when the port was set.</summary>
    public Uri IngressAddress => new((string)_root["Ingress"]!["Url"]! + "/webhooks/qase");

    /// <summary>Variables of the process, in addition to those of the tests.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>True: the process runs as a user to whom permissions apply. Root, as whom containers run tests, reads everything.</summary>
    public bool IsOtherUser { get; init; }

    public WorkerSettings Destination(string name, ChatServer chat, ChatKind kind) => Destination(name, chat.AddressOf(name, kind), kind);

    public WorkerSettings Destination(string name, string address, ChatKind kind)
    {
        var destination = new JsonObject
        {
            ["Type"] = kind switch { ChatKind.SlackWebhook => "slack-webhook", ChatKind.SlackBot => "slack", _ => "teams" },
            ["RateLimit"] = new JsonObject { ["PerSecond"] = 0 },
            ["Digest"] = false,
        };
        destination[kind == ChatKind.SlackBot ? "ApiUrl" : "Url"] = address;
        if (kind == ChatKind.SlackBot)
        {
            destination["Channel"] = "C0123456789";
            destination["Token"] = TestSecrets.Token;
        }

        _root["Destinations"]![name] = destination;
        return this;
    }

    /// <summary>
    /// Routes project codes to a destination; without any, every event. Each event is a message of its own, because most tests count
    /// messages.
    /// </summary>
    public WorkerSettings Route(string to, params string[] projectCodes)
    {
        var route = new JsonObject { ["To"] = new JsonArray(to), ["MessageMode"] = "post" };
        if (projectCodes.Length > 0) route["ProjectCodes"] = new JsonArray([.. projectCodes.Select(code => (JsonNode)code)]);
        _root["Routes"]!.AsArray().Add(route);
        return this;
    }

    /// <summary>Sets one value by its path, for example <c>Delivery:InitialBackoff</c> or <c>Routes:0:Continue</c>.</summary>
    public WorkerSettings Set(string path, JsonNode? value)
    {
        var parts = path.Split(':');
        JsonNode section = _root;
        foreach (var part in parts[..^1])
            section = section is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : section[part] ??= new JsonObject();

        section[parts[^1]] = value;
        return this;
    }

    /// <summary>Removes one value.</summary>
    public WorkerSettings Remove(string section, string key)
    {
        _root[section]!.AsObject().Remove(key);
        return this;
    }

    /// <summary>Writes the file and returns its path.</summary>
    public string Write(string name = "settings.json")
    {
        var path = folder.File(name);
        File.WriteAllText(path, _root.ToJsonString());
        return path;
    }
}
