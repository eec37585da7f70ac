using DefectNotifier.Testing.Databases;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// A PostgreSQL server that syncs to disk, for tests that run one after the other: each starts several nodes. Where there is none they are
/// skipped.
/// </summary>
[CollectionDefinition(Tests)]
public sealed class ChaosServer : IAsyncLifetime, ICollectionFixture<ChaosServer>
{
    /// <summary>The name of the tests.</summary>
    public const string Tests = "Nodes under load";

    private PostgresServer? _server;

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    internal PostgresServer Running
    {
        get
        {
            Assert.SkipWhen(_server is null, PostgresServer.SkipReason ?? "");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.SkipReason is null) _server = await PostgresServer.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
