using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public sealed class InMemoryOutboxContractTests : OutboxContractTests
{
    protected override ValueTask<IOutbox> OpenAsync() => ValueTask.FromResult<IOutbox>(new InMemoryOutbox { PageBytes = PageBytes });
}
