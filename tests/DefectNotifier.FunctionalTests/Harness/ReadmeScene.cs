using System.Text.RegularExpressions;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// A running service with the destination <c>web-qa</c> of the README, and with the deliveries that the README's commands act on.
/// </summary>
internal sealed partial class ReadmeScene : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly ChatServer _chat;
    private readonly WorkerSettings _settings;
    private int _lastDefect;

    private ReadmeScene(TestFolder folder, ChatServer chat, WorkerSettings settings, WorkerProcess worker)
    {
        _folder = folder;
        _chat = chat;
        _settings = settings;
        Worker = worker;
        Shell = new ReadmeShell(settings, worker);
    }

    public WorkerProcess Worker { get; }

    public ReadmeShell Shell { get; }

    /// <summary>The latest dead delivery.</summary>
    public long Dead { get; private set; }

    /// <summary>Its event.</summary>
    public string Event { get; private set; } = "";

    public static async Task<ReadmeScene> OpenAsync()
    {
        var folder = new TestFolder();
        var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}")
            .Destination("web-qa", chat, ChatKind.Teams).Route("web-qa");
        return new ReadmeScene(folder, chat, settings, await WorkerProcess.ServeAsync(settings));
    }

    /// <summary>Makes one more delivery dead. It is rejected, because none expires within the time of a test.</summary>
    public async Task DieAsync()
    {
        _chat.Script.Next("web-qa", AdminScene.Rejection);
        Event = await PostAsync();
        await BecomesAsync("dead");
        Dead = (long)(await Worker.Operations.DeliveryAsync(Event, "web-qa"))["id"]!;
    }

    /// <summary>Parks the destination; the chat has recovered afterwards.</summary>
    public async Task ParkAsync()
    {
        _chat.Script.Always("web-qa", AdminScene.FlowDeleted);
        Event = await PostAsync();
        await Worker.Operations.LaneIsAsync("web-qa", "parked");
        _chat.Script.Recover("web-qa");
    }

    /// <summary>Changes a setting in the file, and returns the version that is active until the service reloads it.</summary>
    public async Task<string> ChangeSettingsAsync()
    {
        var version = await VersionAsync();
        _settings.Set("Qase:DefectUrl", $"https://qase.example/{++_lastDefect}/{{code}}/{{id}}").Write();
        return version;
    }

    public Task IsNoLongerActiveAsync(string version) =>
        Eventually.HoldsAsync(async () => await VersionAsync() != version, () => Worker.Output.All);

    /// <summary>Replaces the placeholders of the README: 17 for a delivery, ID and EVENT_ID for an event, expired for the reason.</summary>
    public string WithRealIds(string line) =>
        EventId().Replace(DeliveryId().Replace(line, Dead.ToString()), Event)
            .Replace("expired", "invalid-message", StringComparison.Ordinal);

    public static Task SaysAsync(string output, params string[] patterns)
    {
        Assert.All(patterns, pattern => Assert.Matches(pattern, output));
        return Task.CompletedTask;
    }

    /// <summary>Waits until the delivery is in this state, after an output that matches.</summary>
    public async Task BecomesAsync(string state, string output, string pattern)
    {
        Assert.Matches(pattern, output);
        await BecomesAsync(state);
    }

    /// <summary>Waits until the pending delivery is delivered, after an output that matches.</summary>
    public Task IsResumedAsync(string output, string pattern) => BecomesAsync("delivered", output, pattern);

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        _chat.Dispose();
        _folder.Dispose();
    }

    private async Task<string> PostAsync() => (await Worker.Ingress.PostAsync(Webhooks.Created(++_lastDefect))).Id!;

    private async Task<string> VersionAsync() => (string)(await Worker.Operations.JsonAsync("/health/ready"))["configuration"]!["version"]!;

    private Task BecomesAsync(string state) => Worker.Operations.DeliveryIsAsync(Event, "web-qa", state, () => Worker.Output.All);

    [GeneratedRegex(@"\b17\b", RegexOptions.None, 1000)]
    private static partial Regex DeliveryId();

    [GeneratedRegex(@"\b(EVENT_)?ID\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventId();
}
