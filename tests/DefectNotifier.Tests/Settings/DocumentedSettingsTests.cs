using System.Text.RegularExpressions;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>Every settings snippet of the README and of src/docs is valid.</summary>
public sealed partial class DocumentedSettingsTests : IDisposable
{
    private const string Slack = """ "Channel": "C0123456789", "Token": "xoxb-1" """;
    private const string Teams = """ "Url": "https://a.environment.api.powerplatform.com/1?api-version=1&sp=2&sv=3&sig=4" """;
    private const string Hook = """ "Url": "https://hooks.slack.com/services/T0/B0/abcDEF123abcDEF123abcDEF" """;
    private const string Route = """ "To": ["web-qa"] """;

    private const string ThreadedRoute =
        $$"""{ "Destinations": { "web-qa": { "Type": "slack", {{Slack}} } }, "Routes": [ { {{Route}}, ** } ] }""";

    // Each snippet in a text, and the settings that it belongs into in place of "**".
    private static readonly Dictionary<string, string> Places = new(StringComparer.Ordinal)
    {
        ["\"Type\": \"slack\""] = Destination(Slack),
        ["\"Type\": \"slack-webhook\""] = Destination(Hook),
        ["\"Type\": \"teams\""] = Destination(Teams),
        ["\"WhenUnsure\": \"hold\""] = Destination(Teams + ", \"Type\": \"teams\""),
        ["\"Digest\": false"] = Destination("\"Type\": \"sandbox\""),
        ["\"Continue\": true"] = $$"""{ "Destinations": { "web-qa": { "Type": "sandbox" } }, "Routes": [ { {{Route}}, ** } ] }""",
        ["\"MessageMode\": \"thread-and-update\""] = ThreadedRoute,
        ["\"MessageMode\": \"update\""] = ThreadedRoute,
        ["\"MessageMode\": \"thread\""] = ThreadedRoute,
        ["\"MessageMode\": \"post\""] = ThreadedRoute,
        ["\"Broadcast\": \"on-resolve\""] = ThreadedRoute,
        ["\"FormatterName\": \"json\""] = """{ "Logging": { "Console": { ** } } }""",
    };

    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("readme-");

    [Fact]
    public void Read_EachSnippetInAText_HasNoErrors()
    {
        var snippets = Snippet().Matches(Documents()).Select(match => match.Groups["json"].Value).Distinct().ToList();

        Assert.Equal(Places.Keys.Order(StringComparer.Ordinal), snippets.Order(StringComparer.Ordinal));
        Assert.All(snippets, snippet => Read(Places[snippet].Replace("**", snippet, StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_EachMessageModeOfTheTemplatesReadme_HasNoErrors()
    {
        var modes = File.ReadAllLines(Repository.PathOf("templates/README.md"))
            .Where(line => line.StartsWith("| `\"", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .ToList();

        Assert.Equal(5, modes.Count);
        Assert.All(modes, mode => Read(ThreadedRoute.Replace("**", mode, StringComparison.Ordinal)));
    }

    [Fact]
    public void Documents_TroubleTable_ContainsEveryReason()
    {
        var rows = Documents().Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal));
        var firstColumns = string.Join('\n', rows.Select(line => line.Split('|')[1]));
        var seen = Enum.GetValues<SendReason>().Except([SendReason.Ok, SendReason.Found]).Select(reason => reason.Word());

        Assert.All(seen, reason => Assert.Contains($"`{reason}`", firstColumns, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _components.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Documents() => string.Join('\n', Repository.Documents.Select(File.ReadAllText));

    private static string Destination(string keys) =>
        $$"""{ "Destinations": { "web-qa": { **, {{keys}} } }, "Routes": [ { {{Route}} } ] }""";

    private void Read(string json)
    {
        var path = Path.Combine(_folder.FullName, "appsettings.json");
        File.WriteAllText(path, json);
        var (configuration, errors) = SettingsSources.Load(path);
        _components.NewSettingsReader().Read(configuration, errors);
    }

    [GeneratedRegex("`(?<json>\"[A-Za-z]+\": [^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Snippet();
}
