using DefectNotifier.Outbox.Contract;
using DefectNotifier.Tests.Outbox;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxContractTests : OutboxContractTests
{
    private readonly TemporaryDatabase _database = new();

    protected override ValueTask<IOutbox> OpenAsync(IOutboxNews news) =>
        ValueTask.FromResult<IOutbox>(_database.Open(options => options.PageBytes = PageBytes, news));

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}
