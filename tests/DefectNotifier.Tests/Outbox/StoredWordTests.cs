using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Outbox;

public sealed class StoredWordTests
{
    [Fact]
    public void Parse_EachStep_IsTheInverseOfItsWord() =>
        Assert.All(Enum.GetValues<SendStep>(), step => Assert.Equal(step, SendSteps.Parse(step.Word())));
}
