using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Outbox;

public sealed class StoredWordTests
{
    private const string Later = "word-of-a-later-version";

    [Fact]
    public void Parse_EachState_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<DeliveryState>(), state => Assert.Equal(state, DeliveryStates.Parse(state.Word())));

    [Fact]
    public void Parse_EachOutcome_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<SendOutcome>(), outcome => Assert.Equal(outcome, SendOutcomes.Parse(outcome.Word())));

    [Fact]
    public void Parse_EachReason_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<SendReason>(), reason => Assert.Equal(reason, SendReasons.Parse(reason.Word())));

    [Fact]
    public void Parse_EachAction_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<OperatorAction>(), action => Assert.Equal(action, OperatorActions.Parse(action.Word())));

    [Fact]
    public void Parse_WordOfALaterVersion_IsNullOrTheSafeValue()
    {
        Assert.Null(DeliveryStates.Parse(Later));
        Assert.Null(SendOutcomes.Parse(Later));
        Assert.Null(SendReasons.Parse(Later));
        Assert.Equal(SendStep.Message, SendSteps.Parse(Later));
        Assert.Equal(OperatorAction.Unknown, OperatorActions.Parse(Later));
    }

    [Fact]
    public void Parse_EachStep_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<SendStep>(), step => Assert.Equal(step, SendSteps.Parse(step.Word())));
}
