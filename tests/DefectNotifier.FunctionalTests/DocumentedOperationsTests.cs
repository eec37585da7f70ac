using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Runs the commands of src/docs as they are written, with real numbers and ids in place of the placeholders.</summary>
public sealed partial class DocumentedOperationsTests
{
    private static readonly Dictionary<string, Func<ReadmeScene, string, Task>> Checks = new(StringComparer.Ordinal)
    {
        ["outbox list"] = (scene, output) =>
            ReadmeScene.SaysAsync(output, @"^ID +STATE +REASON +DESTINATION ", $"(?m)^{scene.Dead} +dead +invalid-message +web-qa "),
        ["outbox list --state all --destination web-qa --reason expired --project WEB --since 2d --event ID --limit 500 --json"] =
            (scene, output) => Task.FromResult(Assert.Single(JsonNode.Parse(output)!["deliveries"]!.AsArray())),
        ["outbox show 17"] = (scene, output) => ReadmeScene.SaysAsync(output, $"Delivery {scene.Dead} ", "attempt 1: "),
        ["outbox show 17 --message"] = (_, output) => Task.FromResult(JsonNode.Parse(output)!.AsObject()),
        ["outbox why EVENT_ID"] = (scene, output) =>
            ReadmeScene.SaysAsync(output, scene.Event, "takes every event", "attempt 1: ", $"outbox retry {scene.Dead} to send it again"),
        ["outbox nodes"] = (_, output) => ReadmeScene.SaysAsync(output, "^The outbox is a file, which only one process uses"),
        ["outbox check"] = (_, output) => ReadmeScene.SaysAsync(output, "^No damage found"),
        ["outbox retry 17"] = (scene, output) =>
            scene.BecomesAsync("delivered", output, "is now pending again, to be rendered again"),
        ["outbox retry 17 --rendered"] = (scene, output) =>
            scene.BecomesAsync("delivered", output, "is now pending again, with the stored message"),
        ["outbox retry --reason expired --since 1d --yes"] = (scene, output) => scene.BecomesAsync("delivered", output, "pending again"),
        ["outbox retry --reason expired --since 1d --yes --dry-run"] = (scene, output) =>
            scene.BecomesAsync("dead", output, "would be pending again"),
        ["outbox discard 17"] = (scene, output) => scene.BecomesAsync("discarded", output, "is now discarded"),
        ["outbox resume web-qa"] = (scene, output) => scene.IsResumedAsync(output, "^web-qa: "),
        ["curl 'http://127.0.0.1:8081/deliveries?state=dead&since=2d'"] = (scene, output) =>
            ReadmeScene.SaysAsync(output, $"\"id\": ?{scene.Dead},"),
        ["curl -X POST http://127.0.0.1:8081/deliveries/17/retry"] = (scene, output) =>
            scene.BecomesAsync("delivered", output, "\"before\": ?\"dead\""),
        ["curl -X POST http://127.0.0.1:8081/deliveries/retry -H 'Content-Type: application/json' "
            + "-d '{\"reason\":\"expired\",\"dryRun\":true}'"] =
            (scene, output) => scene.BecomesAsync("dead", output, $"\"changed\": ?\\[[\\d,\\s]*\\b{scene.Dead}\\b"),
        ["curl -X POST http://127.0.0.1:8081/destinations/web-qa/resume"] = (scene, output) => scene.IsResumedAsync(output, "web-qa"),
    };

    [Fact]
    public async Task WhenMessagesWaitOrDie_EachCommand_DoesWhatTheDocumentSays()
    {
        var section = Section("operations", "## When messages wait or die");
        await using var scene = await ReadmeScene.OpenAsync();

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in section.Commands.Concat(Section("api", "## Deliveries").Fenced()))
        {
            var command = Prefix().Replace(line, "outbox ");
            Assert.True(
                Checks.TryGetValue(command, out var check),
                $"No check for this documented command: {line}. Add one to Checks, or correct the document.");
            seen.Add(command);
            await (command.Contains("resume", StringComparison.Ordinal) ? scene.ParkAsync() : scene.DieAsync());

            var (exitCode, output) = await scene.Shell.RunAsync(scene.WithRealIds(line));

            Assert.True(exitCode == 0, $"{line} ended with {exitCode}: {output}");
            await check(scene, output);
        }

        Assert.Equal(Checks.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        // Commands that the text mentions without an example.
        var verbs = seen.Select(VerbOf).ToHashSet(StringComparer.Ordinal);
        Assert.All(
            section.TimeText.Where(span => span.StartsWith("outbox", StringComparison.Ordinal)),
            span => Assert.Contains(VerbOf(span), verbs));
    }

    [Fact]
    public async Task ChangeSettingsWhileItRuns_EachCommand_ActivatesThem()
    {
        var section = Section("operations", "## Change settings while it runs");
        await using var scene = await ReadmeScene.OpenAsync();

        foreach (var line in section.Fenced())
        {
            var version = await scene.ChangeSettingsAsync();
            var (exitCode, output) = await scene.Shell.RunAsync(line.Split('#')[0].Trim());

            Assert.True(exitCode == 0, $"{line} ended with {exitCode}: {output}");
            if (line.StartsWith("curl", StringComparison.Ordinal)) Assert.Contains("Qase", output, StringComparison.Ordinal);
            await scene.IsNoLongerActiveAsync(version);
        }

        Assert.Equal(["kill", "curl"], section.Fenced().Select(line => line.Split(' ')[0]));
        var (_, metrics) = await scene.Worker.Operations.GetAsync("/metrics");
        Assert.All(
            section.TimeText.Where(span => span.StartsWith("defectnotifier_", StringComparison.Ordinal)),
            name => Assert.Contains($"\n{name}{{", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EachPathAndMetric_Exists()
    {
        var spans = Section("operations", "# Operations").TimeText.Concat(Section("api", "# The operations API").TimeText).ToList();
        await using var scene = await ReadmeScene.OpenAsync();
        await scene.DieAsync();
        await scene.IsNoLongerActiveAsync(await scene.ChangeSettingsAsync());

        var paths = spans.Select(span => Path().Match(span)).Where(match => match.Success).Select(match => match.Groups["path"].Value)
            .Distinct().ToList();
        Assert.Contains("/health/ready", paths);
        foreach (var path in paths)
            Assert.Equal((path, 200), (path, (await scene.Worker.Operations.GetAsync(scene.WithRealIds(path))).Status));

        var (_, metrics) = await scene.Worker.Operations.GetAsync("/metrics");
        var names = spans.Where(span => span.StartsWith("defectnotifier_", StringComparison.Ordinal)).Distinct().ToList();
        Assert.NotEmpty(names);
        // Nothing was pruned here, so this metric does not exist yet.
        Assert.All(
            names.Where(name => name != "defectnotifier_pruned_total"),
            name => Assert.Contains($"\n{name}{{", metrics, StringComparison.Ordinal));
    }

    private static DocumentSection Section(string document, string heading) =>
        new(RepositoryRoot.Path, $"src/docs/{document}.md", heading);

    private static string VerbOf(string command) => string.Join(' ', command.Split(' ').Take(2));

    [GeneratedRegex("^defect-notifier outbox ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prefix();

    [GeneratedRegex(
        @"^(GET )?(http://127\.0\.0\.1:8081)?(?<path>/(health/|metrics|status|events|openapi|deliveries|silences|sandbox)\S*)$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Path();
}
