using DefectNotifier.Worker.Commands.Completion;

namespace DefectNotifier.Tests.Commands.Completion;

public sealed class CompletionScriptsTests
{
    [Theory]
    [InlineData("bash", @"'/it'\''s here/dotnet' '/a $(b).dll' ""[suggest:")]
    [InlineData("zsh", @"'/it'\''s here/dotnet' '/a $(b).dll' ""[suggest:")]
    [InlineData("fish", @"'/it\'s here/dotnet' '/a $(b).dll' ""[suggest:")]
    [InlineData("pwsh", @"'/it''s here/dotnet' '/a $(b).dll' ""[suggest:")]
    public void Of_PathWithSpecialCharacters_IsQuotedForTheShell(string shell, string expected) =>
        Assert.Contains(expected, CompletionScripts.Of(shell, "dn", ["/it's here/dotnet", "/a $(b).dll"]), StringComparison.Ordinal);
}
