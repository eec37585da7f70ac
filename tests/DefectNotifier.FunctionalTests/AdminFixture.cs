using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>One admin for all tests of a class that change nothing on it.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    internal Admin Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Admin = await Admin.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Admin is not null) await Admin.DisposeAsync();
    }
}
