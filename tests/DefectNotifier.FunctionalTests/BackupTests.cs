using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>"Back up and restore" of src/docs/operations.md, with the real file.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task Backup_OfARunningService_CanBeRestored()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var blocks = new DocumentSection(RepositoryRoot.Path, "src/docs/operations.md", "## Back up and restore").Blocks("").ToList();
        Assert.Equal(2, blocks.Count);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Outbox:Path", folder.File("data/defect-notifier.db"));
        string kept, later;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            kept = (await worker.Ingress.PostAsync(Webhooks.Created(1))).Id!;
            await worker.Operations.DrainedAsync();
            await RunAsync(folder, blocks[0]);
            later = (await worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;
            await worker.Operations.DrainedAsync();
            worker.Terminate();
            Assert.Equal(0, await worker.ExitAsync(TimeSpan.FromSeconds(25)));
        }

        await RunAsync(folder, blocks[1]);

        await using var restored = await WorkerProcess.ServeAsync(settings);
        Assert.Equal("delivered", (string?)(await restored.Operations.DeliveryAsync(kept, "web"))["state"]);
        Assert.Equal(404, (await restored.Operations.GetAsync("/events/" + later)).Status);
        // What the backup does not know is a new event.
        Assert.Equal("duplicate", (await restored.Ingress.PostAsync(Webhooks.Created(1))).EventStatus);
        Assert.Equal("accepted", (await restored.Ingress.PostAsync(Webhooks.Created(2))).EventStatus);
        await chat.PostedAsync("web", 3);
    }

    private static async Task RunAsync(TestFolder folder, string commands)
    {
        // The test is skipped without it.
        await SystemTool.SucceedsAsync("sqlite3", "-version");
        await SystemTool.SucceedsAsync("bash", "-e", "-c", $"cd '{folder.Path}'\n{commands}");
    }
}
