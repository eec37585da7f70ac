using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Tests.Outbox;

public sealed class SoleSessionsTests : SessionStoreContractTests
{
    protected override ValueTask<ISessionStore> OpenAsync() => ValueTask.FromResult<ISessionStore>(new SoleSessions(Time));
}
