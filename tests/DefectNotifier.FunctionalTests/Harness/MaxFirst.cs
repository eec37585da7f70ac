using Xunit.Sdk;
using Xunit.v3;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Begins with the classes that take longest: begun last, they would go on alone while the others have ended.</summary>
public sealed class MaxFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [nameof(CrashLedgerTests), nameof(MisbehavingChatTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => !Longest.Any(name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)))];
}
