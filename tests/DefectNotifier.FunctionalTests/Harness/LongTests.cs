using System.Runtime.CompilerServices;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// The tests that make a run take minutes longer: those in a browser, most of those that kill, stop or cut off workers and nodes, and some
/// that wait for long.
/// <c>.ci/run</c> runs them; <c>dotnet test</c> alone skips them.
/// </summary>
internal static class LongTests
{
    /// <summary>The environment variable that switches them on.</summary>
    private const string Variable = "LONG_TESTS";

    /// <summary>Why they are skipped; null: they run.</summary>
    public static string? SkipReason { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"It takes long. Set {Variable}=1 to run it.";
}

/// <summary>A test that runs with the <see cref="LongTests"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        Skip = LongTests.SkipReason;
}

/// <summary>A theory that runs with the <see cref="LongTests"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongTheoryAttribute : TheoryAttribute
{
    public LongTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        Skip = LongTests.SkipReason;
}
