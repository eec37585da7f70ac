using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Values;

public sealed class SeverityStyleTests
{
    [Theory]
    [InlineData("blocker", "🔴", "Attention")]
    [InlineData("critical", "🟠", "Attention")]
    [InlineData("major", "🟡", "Warning")]
    [InlineData("normal", "🔵", "Accent")]
    [InlineData("minor", "🟢", "Default")]
    [InlineData("trivial", "⚪", "Default")]
    [InlineData("undefined", "⚪", "Default")]
    [InlineData("odd", "⚪", "Default")]
    [InlineData(null, "⚪", "Default")]
    public void StyleOf_Severity_HasItsEmojiAndStyle(string? text, string emoji, string tone)
    {
        var severity = Severity.Parse(text);

        Assert.Equal(emoji, SeverityStyle.Emoji(severity));
        Assert.Equal(Enum.Parse<MessageStyle>(tone), SeverityStyle.StyleOf(Some.DefectEvent with { Severity = severity }));
    }

    [Theory]
    [InlineData("defect.resolved")]
    [InlineData("Defect.Resolved")]
    public void StyleOf_Resolved_IsGoodWhateverTheSeverity(string name) =>
        Assert.Equal(MessageStyle.Good, SeverityStyle.StyleOf(Some.DefectEvent with { Name = name, Severity = Severity.Blocker }));
}
