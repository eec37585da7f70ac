namespace DefectNotifier.Tests.Oracles;

/// <summary>TypeScript checks the types in the comments of the console's scripts.</summary>
public sealed class ConsoleScriptTests
{
    [Fact]
    public void Scripts_OfTheConsole_HaveNoTypeErrors() => NodeScript.Check(
        "console.mjs",
        Directory.GetFiles(Repository.PathOf("src", "DefectNotifier.Console", "assets", "js"), "*.js").Select(file => new { File = file }));
}
