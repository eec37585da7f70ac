using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Outbox;

public sealed class StoredWordTests
{
    [Fact]
    public void AttemptRules_Interrupted_UsesTheWordsOfOutcomesAndReasons() =>
        Assert.Equal(
            (SendOutcome.Ambiguous.Word(), SendReason.Interrupted.Word()), (SendOutcome.Ambiguous.Word(), SendReason.Interrupted.Word()));

    [Fact]
    public void Parse_EachStep_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<SendStep>(), step => Assert.Equal(step, SendSteps.Parse(step.Word())));
}
