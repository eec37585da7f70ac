using DefectNotifier.Outbox.Contract;
using DefectNotifier.Tests.Outbox;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresOutboxContractTests : OutboxContractTests
{
    private TemporarySchema? _schema;

    protected override async ValueTask<IOutbox> OpenAsync(IOutboxNews news)
    {
        _schema = await TemporarySchema.CreateAsync();
        return _schema.Open(news, pageBytes: PageBytes);
    }

    protected override async ValueTask CloseAsync()
    {
        if (_schema is not null) await _schema.DisposeAsync();
    }
}
