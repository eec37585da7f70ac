namespace DefectNotifier.Tests.Http;

/// <summary>Cancels a test that hangs.</summary>
internal static class Deadline
{
    public static CancellationToken Token() =>
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken,
            new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System).Token).Token;
}
