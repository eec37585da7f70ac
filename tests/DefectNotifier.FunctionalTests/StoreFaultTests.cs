using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;

namespace DefectNotifier.FunctionalTests;

/// <summary>The outbox's file is damaged, deleted, used under another name, or older than the clock says.</summary>
public sealed class StoreFaultTests
{
    private const int Events = 5;

    // What the start reads, what a webhook writes, and what only a lane uses. The unit tests do this with every page.
    [Theory]
    [InlineData("attempt")]
    [InlineData("lane")]
    [InlineData("rate_limit")]
    [InlineData("defect")]
    [InlineData("delivery_event")]
    [InlineData("sqlite_sequence")]
    [InlineData("sqlite_autoindex_event_1")]
    public async Task Serve_RootPageDamaged_IsNeverReadyAndLogsItOnce(string name)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = SettingsIn(folder, chat);
        await using (var before = await WorkerProcess.ServeAsync(settings))
        {
            await before.Ingress.AcceptsAsync([1]);
            await before.Operations.DrainedAsync();
            before.Terminate();
            Assert.Equal(0, await before.ExitAsync(Eventually.Deadline));
        }

        var path = folder.File("outbox.db");
        DamagedOutbox.Overwrite(path, DamagedOutbox.RootPages(path)[name], offset: 0, 0xFF);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        for (var number = 2; number <= 1 + Events; number++)
        {
            Assert.Equal(503, (await worker.Operations.GetAsync("/health/ready")).Status);
            await worker.Ingress.PostAsync(Webhooks.Created(number));
        }

        await worker.Output.SaysAsync("store does not work: database damaged");
        var (status, ready) = await worker.Operations.GetAsync("/health/ready");
        Assert.Equal(503, status);
        Assert.Contains("database damaged", ready, StringComparison.Ordinal);
        Assert.Single(worker.Output.All.Split('\n'), line => line.Contains("store does not work", StringComparison.Ordinal));

        var (code, check) = await WorkerProcess.RunAsync(folder.Path, "outbox", "check", "--config", settings.Write());
        Assert.Equal(1, code);
        Assert.Contains($"The outbox {path} is damaged. Stop the service", check.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("replace")]
    public async Task Serve_FileIsGone_RefusesWebhooksDeliversWhatItHasAndSaysWhatToDo(string how)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var isGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Script.Next("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Until = isGone.Task });
        var settings = SettingsIn(folder, chat);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await worker.Ingress.AcceptsAsync([1, 2, 3]);
        await chat.CallsAsync("web", 1);

        if (how == "delete")
        {
            foreach (var file in Directory.GetFiles(folder.Path, "outbox.db*")) File.Delete(file);
        }
        else
        {
            await using (var backup = await WorkerProcess.ServeAsync(SettingsIn(folder, chat).Set("Outbox:Path", folder.File("backup.db"))))
                backup.Terminate();
            File.Move(folder.File("backup.db"), folder.File("outbox.db"), overwrite: true);
        }

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(4));
        reply.IsProblem(503, "store-unavailable");
        Assert.Contains("was deleted, replaced or overwritten", reply.Body, StringComparison.Ordinal);
        var (status, ready) = await worker.Operations.GetAsync("/health/ready");
        Assert.Equal(503, status);
        Assert.Contains("was deleted, replaced or overwritten", ready, StringComparison.Ordinal);
        await worker.Output.SaysAsync("store does not work: the outbox file (Outbox:Path)");
        isGone.SetResult();
        await worker.Operations.DrainedAsync();
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(Eventually.Deadline));
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Ingress.AcceptsAsync([5]);
        await chat.PostedAsync("web", 4);
        // What was refused was not delivered either.
        Assert.Equal([1, 2, 3, 5], chat.PostedTo("web").Select(call => call.Marker));
    }

    [Theory]
    [InlineData("symbolic link")]
    [InlineData("lock file deleted")]
    public async Task Serve_OutboxInUseUnderAnotherName_FailsAndSoDoesACommand(string how)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = SettingsIn(folder, chat);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var second = SettingsIn(folder, chat);
        if (how == "symbolic link")
        {
            File.CreateSymbolicLink(folder.File("link.db"), folder.File("outbox.db"));
            second.Set("Outbox:Path", folder.File("link.db"));
        }
        else File.Delete(folder.File("outbox.db.lock"));

        // The command asks no service, because none listens at that address.
        second.Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        foreach (var arguments in (string[][])[["serve"], ["outbox", "list"]])
        {
            var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, [.. arguments, "--config", second.Write("second.json")]);
            Assert.Equal(1, exitCode);
            Assert.Contains("another process", output.Error, StringComparison.OrdinalIgnoreCase);
        }

        await worker.Ingress.AcceptsAsync([1]);
        await chat.PostedAsync("web", 1);
    }

    [Fact]
    public async Task Serve_ClockAheadSinceTheLastRun_DeletesNothingAndIsDegraded()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await OldOutbox.WriteAsync(folder.File("outbox.db"), events: 20, pendingEach: 100, "web", isInUse: false);
        await using var worker = await WorkerProcess.ServeAsync(SettingsIn(folder, chat).Set("Retention:Every", "1s"));

        await worker.Output.SaysAsync("retention does not work: the clock is 100 days ahead of the last time this outbox was used");

        var ready = await worker.Operations.JsonAsync("/health/ready");
        Assert.Equal("degraded", (string?)ready["status"]);
        Assert.Equal("retention", (string?)ready["problems"]![0]!["part"]);
        Assert.Equal(20, (await worker.Operations.EventsAsync()).Count);
    }

    [Fact]
    public async Task Serve_NewFolder_IsReadableByTheOwnerOnly()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await using var worker = await WorkerProcess.ServeAsync(
            SettingsIn(folder, chat).Set("Outbox:Path", folder.File("data/outbox.db")));
        await worker.Ingress.AcceptsAsync([1]);

        foreach (var path in (string[])[folder.File("data"), .. Directory.GetFiles(folder.File("data"))])
        {
            var others = ModeOf(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.True(others == UnixFileMode.None, $"{path}: {others}");
        }
    }

    // Windows has no such modes.
    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static WorkerSettings SettingsIn(TestFolder folder, ChatServer chat) =>
        new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
}
