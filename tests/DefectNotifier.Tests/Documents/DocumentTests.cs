using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Commands;
using DefectNotifier.Tests.Settings;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.Tests.Documents;

/// <summary>The README and the documents in src/docs: every command can be parsed, every setting is valid and explained.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private const string Program = "defect-notifier";

    /// <summary>Commands that these tests do not run, and why.</summary>
    private static readonly Dictionary<string, string> NotRunHere = new(StringComparer.Ordinal)
    {
        ["curl"] = "Run by DocumentedRequestTests and DocumentedOperationsTests against the real service.",
        ["kill"] = "Run by DocumentedOperationsTests.",
        ["sqlite3"] = "Run by BackupTests.",
        ["mv"] = "Run by BackupTests.",
        ["dotnet"] = "Run by .ci/run.",
        ["docker"] = "Needs a Docker daemon.",
        ["kubectl"] = "Needs a cluster.",
        ["systemctl"] = "Needs systemd as the init process.",
        ["install"] = "Installs for the whole machine, as root.",
        ["chown"] = "Prepares the folders of a container or a service.",
        ["chmod"] = "Prepares the folders of a container or a service.",
        ["export"] = "Gives a command the credentials of a systemd service.",
        ["mkdir"] = "Prepares the folders of a container or a service; in \"Back up and restore\" run by BackupTests.",
        ["cp"] = "Prepares the folders of a container or a service; in \"Back up and restore\" run by BackupTests.",
        ["openssl"] = "Writes a secret into such a folder.",
        ["echo"] = "Writes a secret into such a folder.",
        ["cd"] = "Changes to such a folder.",
        ["QASE_SECRET=..."] = "Set by DocumentedRequestTests.",
    };

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Commands =>
    [
        .. DocumentBlock.All.Where(block => block.Language.Length == 0).SelectMany(block => block.Commands)
            .Concat(Repository.Documents.SelectMany(file => Span().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups["code"].Value))
            .Where(command => command.StartsWith(Program + " ", StringComparison.Ordinal))
            .Where(command => !command.Contains("COMMAND", StringComparison.Ordinal))
            .Distinct(),
    ];

    [Fact]
    public void Readme_Size_IsThatOfAFirstPage() =>
        Assert.InRange(new FileInfo(Repository.PathOf("README.md")).Length, 7_000, 10_500);

    [Fact]
    public void Readme_Picture_IsSmall() =>
        Assert.InRange(new FileInfo(Repository.PathOf("src", "docs", "messages.png")).Length, 10_000, 150_000);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Commands_EachOne_CanBeParsed(string command) => Assert.Empty(ErrorsOf(WordsOf(command).Skip(1)));

    [Fact]
    public void Readme_EachCommandOfTheTable_Exists()
    {
        var rows = new DocumentSection(Repository.Root, "README.md", "## Commands").Rows.ToList();

        Assert.InRange(rows.Count, 8, 30);
        foreach (var row in rows)
        {
            // "outbox list", "show": the second one is of the same group.
            var group = row[0].Split(' ') is [var first, _] ? first : null;
            foreach (var name in row.Where(span => span != Program && !span.StartsWith('-') && span != "WEB-97"))
            {
                var names = name.Split(' ');
                Assert.True(IsCommand(names) || (group is not null && IsCommand(group, name)), $"There is no command '{name}'.");
            }
        }
    }

    [Fact]
    public void Blocks_EachCommand_IsParsedOrHasAReason()
    {
        var programs = DocumentBlock.All.Where(block => block.Language.Length == 0).SelectMany(block => block.Commands)
            .SelectMany(command => command.Split(" && ")).Select(command => WordsOf(command)[0]).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(programs.Except(NotRunHere.Keys).Except([Program]));
        Assert.Empty(NotRunHere.Keys.Except(programs));
    }

    [Fact]
    public void Blocks_TheirLanguages_AreThoseThatAreTested() => Assert.Empty(DocumentBlock.All
        // yaml: MonitoringTests. text: DocumentedCommandTests. sql: NodesTests.
        .Where(block => block.Language is not ("" or "json" or "yaml" or "text" or "sql"))
        .Select(block => $"{block.File}: {block.Language}"));

    [Fact]
    public void Blocks_EachJson_IsValidSettings()
    {
        var blocks = DocumentBlock.All.Where(block => block.Language == "json").ToList();

        Assert.InRange(blocks.Count, 5, 50);
        Assert.All(blocks, block => _folder.Read(Complete(block.Text)));
    }

    [Fact]
    public async Task Readme_ThreeProjects_AreRoutedAsItSays()
    {
        var settings = _folder.Write("three.json", Complete(DocumentBlock.All.Single(
            block => block is { File: "README.md", Language: "json" }).Text));

        Assert.Equal("on-call, shop-qa", await DestinationsAsync("BILL", "critical"));
        Assert.Equal("shop-qa", await DestinationsAsync("SHOP", "trivial"));
        Assert.Equal("web-qa", await DestinationsAsync("WEB", "normal"));
        Assert.Equal("", await DestinationsAsync("WEB", "minor"));
        Assert.Equal("on-call", await DestinationsAsync("OTHER", "blocker"));

        async Task<string> DestinationsAsync(string project, string severity)
        {
            var run = await CommandRun.OfAsync(
                "route", "--event", "defect.created", "--project", project, "--severity", severity, "--quiet", "--config", settings);
            return string.Join(", ", run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Readme_ChangedWording_ShowsTheMessageThatItSays()
    {
        var rows = File.ReadLines(Repository.PathOf("README.md")).Select(line => line.Split(" | "))
            .Where(cells => cells[0] is "| before" or "| after").ToList();
        Assert.Equal(2, rows.Count);
        var shipped = await File.ReadAllTextAsync(
            Repository.PathOf("templates", "defect.resolved.sbn"), TestContext.Current.CancellationToken);
        var before = rows[0][1].Trim('`');
        Assert.Contains(before, shipped, StringComparison.Ordinal);
        foreach (var (template, message) in rows.Select(row => (row[1].Trim('`'), row[2].TrimEnd(' ', '|'))))
        {
            var templates = Directory.CreateTempSubdirectory("wording-");
            await File.WriteAllTextAsync(
                Path.Combine(templates.FullName, "defect.resolved.sbn"), shipped.Replace(before, template, StringComparison.Ordinal),
                TestContext.Current.CancellationToken);

            var run = await CommandRun.OfAsync(
                "render", "--event", "defect.resolved", "--reply", "--platform", "slack", "--templates", templates.FullName);

            // The sample has no name.
            Assert.Contains(message.Replace("Rut Olsen", "team member 40", StringComparison.Ordinal), run.Output, StringComparison.Ordinal);
            templates.Delete(recursive: true);
        }
    }

    [Fact]
    public void Settings_EachKeyThatIsRead_IsExplained()
    {
        var read = Directory.EnumerateFiles(Repository.PathOf("src", "DefectNotifier.Worker", "Settings"), "*.cs")
            .SelectMany(file => Key().Matches(File.ReadAllText(file))).Select(match => match.Groups["key"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var explained = ((string[])["settings.md", "routing.md", "../../templates/README.md"])
            .SelectMany(file => Word().Matches(File.ReadAllText(Repository.PathOf("src", "docs", file)))).Select(match => match.Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.InRange(read.Count, 50, 500);
        Assert.Empty(read.Except(explained));
    }

    // Snippets show a part of the settings, and files with secrets.
    private static string Complete(string snippet)
    {
        var settings = JsonNode.Parse(snippet)!.AsObject();
        settings["Destinations"] ??= new JsonObject { ["web-qa"] = new JsonObject { ["Type"] = "sandbox" } };
        settings["Routes"] ??= new JsonArray(new JsonObject { ["To"] = settings["Destinations"]!.AsObject().First().Key });
        foreach (var destination in settings["Destinations"]!.AsObject().Select(pair => pair.Value!.AsObject()))
        {
            destination["Type"] ??= "sandbox";
            if (destination.Remove("TokenFile")) destination["Token"] = "xoxb-1111111111-2222222222-abcdefghijklmnopqrst";
            if (!destination.Remove("UrlFile")) continue;
            destination["Url"] = (string?)destination["Type"] == "teams"
                ? "https://a.environment.api.powerplatform.com/1?api-version=1&sp=2&sv=3&sig=4"
                : "https://hooks.slack.com/services/T0/B0/abcDEF123abcDEF123abcDEF";
        }

        return settings.ToJsonString();
    }

    private static IEnumerable<string> ErrorsOf(IEnumerable<string> words)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Recursive = true };
        return CommandLine.Build(quiet).Parse([.. words]).Errors.Select(error => error.Message);
    }

    private static bool IsCommand(params string[] names)
    {
        Command? command = CommandLine.Build(new Option<bool>("--quiet"));
        foreach (var name in names) command = command?.Subcommands.FirstOrDefault(one => one.Name == name);
        return command is not null;
    }

    private static List<string> WordsOf(string command) =>
        [.. ShellWord().Matches(command).Select(match => string.Concat(match.Value.Where(letter => letter is not ('\'' or '"'))))];

    [GeneratedRegex("(?<!`)`(?<code>[^`\n]+)`(?!`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();

    [GeneratedRegex("""('[^']*'|"[^"]*"|[^\s'"])+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellWord();

    [GeneratedRegex("""[sS]ection\.(?!Error)[A-Z]\w*(<\w+>)?\("(?<key>[A-Z]\w+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"\b[A-Z]\w+\b", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
