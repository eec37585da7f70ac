using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresOutboxContractTests : OutboxContractTests
{
    private PostgresOutbox? _outbox;

    protected override ValueTask<IOutbox> OpenAsync(IOutboxNews news)
    {
        var options = new PostgresOutboxOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=54329;Username=postgres;Database=postgres",
            Schema = "t" + Guid.NewGuid().ToString("N"),
            PageBytes = PageBytes,
        };
        _outbox = PostgresOutbox.Open(options, news, new JumpingTime(Some.Moment), NullLogger<PostgresOutbox>.Instance);
        return ValueTask.FromResult<IOutbox>(_outbox);
    }

    protected override async ValueTask CloseAsync()
    {
        if (_outbox is not null) await _outbox.DisposeAsync();
    }
}
