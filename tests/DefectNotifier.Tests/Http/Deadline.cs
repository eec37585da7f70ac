namespace DefectNotifier.Tests.Http;

/// <summary>Ends a test that hangs; no test waits for it.</summary>
internal static class Deadline
{
    public static CancellationToken Token() =>
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken,
            new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System).Token).Token;
}
