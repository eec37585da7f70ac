using DefectNotifier.Testing.Databases;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>A PostgreSQL server that syncs to disk, for the tests of a class. Where there is none they are skipped.</summary>
public sealed class ChaosServer : IAsyncLifetime
{
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
