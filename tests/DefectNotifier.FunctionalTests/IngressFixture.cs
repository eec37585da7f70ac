using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// One worker for all tests of a class: two accepted secrets, a small body limit, and no route for project codes other than WEB and OLD.
/// </summary>
public sealed class IngressFixture : IAsyncLifetime
{
    public const int MaxBodyBytes = 4096;

    private readonly TestFolder _folder = new();

    internal ChatServer Chat { get; } = ChatServer.Start();

    internal WorkerProcess Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Worker = await WorkerProcess.ServeAsync(new WorkerSettings(_folder)
        .Destination("web", Chat, ChatKind.SlackWebhook).Route("web", "WEB", "OLD")
        .Set("Ingress:Secrets", new System.Text.Json.Nodes.JsonArray(TestSecrets.Ingress, TestSecrets.NextIngress))
        .Set("Ingress:MaxBodyBytes", MaxBodyBytes));

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null) await Worker.DisposeAsync();
        Chat.Dispose();
        _folder.Dispose();
    }
}
