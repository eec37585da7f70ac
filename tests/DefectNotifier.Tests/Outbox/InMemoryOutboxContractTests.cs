using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public sealed class InMemoryOutboxContractTests : OutboxContractTests
{
    protected override ValueTask<IOutbox> OpenAsync(IOutboxNews news) =>
        ValueTask.FromResult<IOutbox>(new InMemoryOutbox(news) { PageBytes = PageBytes });
}
