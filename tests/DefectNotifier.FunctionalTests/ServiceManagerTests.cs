using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The worker as systemd runs it: with a socket for notices, a watchdog, and credentials in files.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(25);

    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Worker_ItsLife_IsReportedToTheServiceManager()
    {
        using var socket = new NotifySocket(_folder.File("notify"));
        var settings = Settings(("NOTIFY_SOCKET", socket.Path), ("WATCHDOG_USEC", "200000"));
        await using var worker = await WorkerProcess.ServeAsync(settings);
        // It accepts webhooks when it reports that it is up.
        await Eventually.HoldsAsync(() => socket.Received.Contains("READY=1"), () => worker.Output.All);
        await worker.Ingress.AcceptsAsync([1]);
        await _chat.PostedAsync("web", 1);
        var before = socket.Received.Count;
        await Eventually.HoldsAsync(() => socket.Received.Count >= before + 3, () => string.Join(", ", socket.Received));

        worker.Terminate();

        Assert.Equal(0, await worker.ExitAsync(InTime));
        await Eventually.HoldsAsync(() => socket.Received.Contains("STOPPING=1"), () => string.Join(", ", socket.Received));
        // A slow start may report work before it is complete.
        var notices = socket.Received.SkipWhile(notice => notice == "WATCHDOG=1").ToList();
        Assert.Equal("READY=1", notices[0]);
        Assert.Equal("STOPPING=1", notices[^1]);
        Assert.All(notices[1..^1], notice => Assert.Equal("WATCHDOG=1", notice));
    }

    [Fact]
    public async Task Worker_StoreIsUnavailable_StillReportsThatItWorks()
    {
        using var socket = new NotifySocket(_folder.File("notify"));
        var settings = Settings(("NOTIFY_SOCKET", socket.Path), ("WATCHDOG_USEC", "200000"));
        await using var worker = await WorkerProcess.ServeAsync(settings);
        foreach (var file in Directory.GetFiles(_folder.Path, "outbox.db*")) File.Delete(file);
        await Eventually.HoldsAsync(
            async () => (await worker.Operations.GetAsync("/health/ready")).Status == 503, () => worker.Output.All);

        var before = socket.Received.Count;
        await Eventually.HoldsAsync(() => socket.Received.Count >= before + 3, () => string.Join(", ", socket.Received));
    }

    [Fact]
    public async Task Worker_NobodyListensAtTheSocket_IsLoggedAndWorks()
    {
        await using var worker = await WorkerProcess.ServeAsync(Settings(("NOTIFY_SOCKET", _folder.File("nobody"))));

        await worker.Ingress.AcceptsAsync([1]);
        await _chat.PostedAsync("web", 1);

        await worker.Output.SaysAsync("systemd can't be notified at NOTIFY_SOCKET");
    }

    [Fact]
    public async Task Credentials_FilesOfSystemd_AreSettingsThatAReloadReadsAgain()
    {
        Directory.CreateDirectory(_folder.File("credentials"));
        await SetCredentialAsync("Ingress__Secrets__0", "first-secret-of-qase-0123456789");
        await SetCredentialAsync("Ingress__Path", "/from-credentials");
        // An environment variable has precedence.
        var settings = Settings(("CREDENTIALS_DIRECTORY", _folder.File("credentials")), ("Ingress__Path", "/webhooks/qase"));
        settings.Set("Ingress:Secrets", new JsonArray("secret-of-the-file-0123456789"));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        Assert.Equal(401, await StatusWithAsync(worker, "secret-of-the-file-0123456789"));
        Assert.Equal(202, await StatusWithAsync(worker, "first-secret-of-qase-0123456789"));

        await SetCredentialAsync("Ingress__Secrets__0", "second-secret-of-qase-0123456789");
        await worker.ReloadAsync("Ingress");
        Assert.Equal(401, await StatusWithAsync(worker, "first-secret-of-qase-0123456789"));
        Assert.Equal(202, await StatusWithAsync(worker, "second-secret-of-qase-0123456789"));
    }

    [Fact]
    public async Task Credentials_ValuesWithErrors_AreReportedWithTheirPaths()
    {
        Directory.CreateDirectory(_folder.File("credentials"));
        await SetCredentialAsync("Ingress__Secrets__0", "tiny");
        await SetCredentialAsync("Delivery__MaxAge", "soon");
        await SetCredentialAsync("another-program", "is ignored");
        await using var worker = WorkerProcess.Launch(Settings(("CREDENTIALS_DIRECTORY", _folder.File("credentials"))));

        Assert.Equal(2, await worker.ExitAsync(InTime));

        await worker.Output.SaysAsync("Ingress:Secrets: has fewer than 16 characters");
        await worker.Output.SaysAsync("Delivery:MaxAge: 'soon' is not a time");
        Assert.DoesNotContain("tiny", worker.Output.All, StringComparison.Ordinal);
        Assert.DoesNotContain("another-program", worker.Output.All, StringComparison.Ordinal);
    }

    private WorkerSettings Settings(params (string Name, string Value)[] variables)
    {
        var settings = new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackWebhook).Route("web");
        foreach (var (name, value) in variables) settings.Environment[name] = value;
        return settings;
    }

    private Task SetCredentialAsync(string name, string value) =>
        File.WriteAllTextAsync(Path.Combine(_folder.File("credentials"), name), value, TestContext.Current.CancellationToken);

    private static async Task<int> StatusWithAsync(WorkerProcess worker, string secret) =>
        (await worker.Ingress.PostAsync(Webhooks.Created(1), secret: secret)).Status;
}
