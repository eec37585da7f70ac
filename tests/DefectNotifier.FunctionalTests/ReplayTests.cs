using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

public sealed class ReplayTests
{
    [Fact]
    public async Task Replay_ServiceRunningOrStopped_ReportsTheSameAndSendsNothing()
    {
        await using var admin = await AdminScene.OpenAsync(
            settings => settings.Set("Operations:Secrets", new JsonArray(AdminScene.Secret)));
        var current = admin.Settings.Write();
        var changed = admin.Folder.File("changed.json");
        await File.WriteAllTextAsync(
            changed,
            """{ "Destinations": { "lobby": { "Type": "sandbox" } }, "Routes": [{ "To": ["lobby"] }] }""",
            TestContext.Current.CancellationToken);
        string[] command = ["replay", "--since", "2026-01-01", "--config", changed, "--current", current, "--json"];

        var (upCode, up) = await WorkerCommand.RunAsync(admin.Folder.Path, command);
        await admin.StopAsync();
        var (downCode, down) = await WorkerCommand.RunAsync(admin.Folder.Path, command);

        Assert.Equal((0, 0, "", ""), (upCode, downCode, up.Error.Trim(), down.Error.Trim()));
        Assert.Equal(up.Standard, down.Standard);
        var report = JsonNode.Parse(up.Standard)!;
        Assert.Equal((1, 1), ((int)report["events"]!, (int)report["rerouted"]!));
        var route = report["routes"]![0]!;
        Assert.Equal(
            (admin.DeadEvent, "web", "lobby"), ((string?)route["example"], (string?)route["lost"]![0], (string?)route["gained"]![0]));
        Assert.Single(admin.Chat.CallsTo("web"));
    }
}
