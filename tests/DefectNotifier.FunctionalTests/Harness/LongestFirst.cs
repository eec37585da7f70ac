using Xunit.Sdk;
using Xunit.v3;

// Each test starts processes of its own, which keep two cores busy. A third test runs while another one waits.
[assembly: Parallelization(MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(DefectNotifier.FunctionalTests.SteadyWorker))]
[assembly: TestCollectionOrderer(typeof(DefectNotifier.FunctionalTests.Harness.LongestFirst))]

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Starts the classes that take longest first. Started last, they would run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [nameof(CrashLedgerTests), ChaosServer.Tests, nameof(FailingChatTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => !Longest.Any(name => IsOf(collection, name)))];

    private static bool IsOf(ITestCollection collection, string name) =>
        collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal);
}
