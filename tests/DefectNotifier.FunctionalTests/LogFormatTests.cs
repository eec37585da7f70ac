using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The format of the log, and what it says about each event and message.</summary>
public sealed class LogFormatTests : IDisposable
{
    private const string Time = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_OneEvent_HasALineWithTheTimeForEachStep()
    {
        await using var worker = await WorkerProcess.ServeAsync(Settings());

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(7, "WEB"));
        await worker.Output.SaysAsync($"lobby: event {reply.Id} delivered");

        var lines = worker.Output.Standard.Split('\n');
        Assert.Matches($"^{Time} info: DefectNotifier\\[4\\] DefectNotifier ", lines[0]);
        Assert.Matches(
            $"^{Time} info: .* Event {reply.Id} accepted: defect.created, project WEB, defect D-7, deliveries: 1, \\d+ ms",
            lines.Single(line => line.Contains("accepted:", StringComparison.Ordinal)));
        Assert.Matches(
            $"^{Time} info: .* lobby: event {reply.Id} delivered, project WEB, defect D-7, \\d+ ms after it was accepted",
            lines.Single(line => line.Contains("lobby: event", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Serve_FormatInTheSettings_ReplacesTheDefault()
    {
        await using var worker = await WorkerProcess.ServeAsync(
            Settings().Set("Logging:Console:FormatterOptions:TimestampFormat", "HH'h' "));

        Assert.Matches(@"^\d\dh info: DefectNotifier\[4\]", worker.Output.Standard);
    }

    [Fact]
    public async Task Serve_Json_HasTheTime()
    {
        var worker = WorkerProcess.Launch(Settings().Set("Logging:Console:FormatterName", "json"));
        await using (worker)
        {
            await worker.Output.SaysAsync("Console: ");
            var first = JsonNode.Parse(worker.Output.Standard.Split('\n')[0])!;
            Assert.Matches($"^{Time}$", (string?)first["Timestamp"]);
        }
    }

    private WorkerSettings Settings() => new WorkerSettings(_folder).Set("Destinations:lobby:Type", "sandbox").Route("lobby");
}
