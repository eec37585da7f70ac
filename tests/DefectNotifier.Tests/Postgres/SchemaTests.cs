namespace DefectNotifier.Tests.Postgres;

/// <summary>Tests of nodes on an outbox in a schema of its own.</summary>
public abstract class SchemaTests : IAsyncLifetime
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected TemporarySchema Schema { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Schema = await TemporarySchema.CreateAsync();

    public virtual async ValueTask DisposeAsync()
    {
        // Null when the test was skipped.
        if (Schema is not null) await Schema.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
