using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>One desk for all tests of a class that change nothing on it.</summary>
public sealed class DeskFixture : IAsyncLifetime
{
    internal Desk Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Desk = await Desk.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Desk is not null) await Desk.DisposeAsync();
    }
}
