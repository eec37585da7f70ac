using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

public sealed class SeverityStyleTests
{
    [Theory]
    [InlineData("blocker", "🔴", "Alarm")]
    [InlineData("critical", "🟠", "Alarm")]
    [InlineData("major", "🟡", "Warning")]
    [InlineData("normal", "🔵", "Warning")]
    [InlineData("minor", "🟢", "Neutral")]
    [InlineData("trivial", "⚪", "Neutral")]
    [InlineData("undefined", "⚪", "Neutral")]
    [InlineData("odd", "⚪", "Neutral")]
    [InlineData(null, "⚪", "Neutral")]
    public void ToneOf_Severity_HasItsLooks(string? text, string emoji, string tone)
    {
        var severity = Severity.Parse(text);

        Assert.Equal(emoji, SeverityStyle.Emoji(severity));
        Assert.Equal(Enum.Parse<MessageTone>(tone), SeverityStyle.ToneOf(Some.DefectEvent with { Severity = severity }));
    }

    [Theory]
    [InlineData("defect.resolved")]
    [InlineData("Defect.Resolved")]
    public void ToneOf_Resolved_IsGoodWhateverTheSeverity(string name) =>
        Assert.Equal(MessageTone.Good, SeverityStyle.ToneOf(Some.DefectEvent with { Name = name, Severity = Severity.Blocker }));
}
