using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

public sealed class ReplayTests
{
    [Fact]
    public async Task Replay_ServiceUpOrDown_TellsTheSameAndSendsNothing()
    {
        await using var desk = await Desk.OpenAsync(settings => settings.Set("Operations:Secrets", new JsonArray(Desk.Secret)));
        var current = desk.Settings.Write();
        var changed = desk.Folder.File("changed.json");
        await File.WriteAllTextAsync(changed, """{ "Destinations": { "lobby": { "Type": "sandbox" } }, "Routes": [{ "To": ["lobby"] }] }""", TestContext.Current.CancellationToken);
        string[] command = ["replay", "--since", "1d", "--config", changed, "--current", current, "--json"];

        var (upCode, up) = await WorkerProcess.RunAsync(desk.Folder.Path, command);
        await desk.StopAsync();
        var (downCode, down) = await WorkerProcess.RunAsync(desk.Folder.Path, command);

        Assert.Equal((0, 0, "", ""), (upCode, downCode, up.Error.Trim(), down.Error.Trim()));
        Assert.Equal(up.Standard, down.Standard);
        var report = JsonNode.Parse(up.Standard)!;
        Assert.Equal((1, 1), ((int)report["events"]!, (int)report["rerouted"]!));
        Assert.Equal((desk.DeadEvent, "web", "lobby"), ((string?)report["routes"]![0]!["example"], (string?)report["routes"]![0]!["lost"]![0], (string?)report["routes"]![0]!["gained"]![0]));
        Assert.Single(desk.Chat.CallsTo("web"));
    }
}
