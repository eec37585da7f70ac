using DefectNotifier.Worker.Commands.Admin;

namespace DefectNotifier.Tests.Commands.Admin;

public sealed class StateWordsTests
{
    [Theory]
    [InlineData("waiting", "pending")]
    [InlineData("Dead,Waiting", "dead pending")]
    [InlineData("all", "all")]
    [InlineData("parked", "pending")]
    public void Read_KnownWords_AreStates(string text, string expected)
    {
        var words = StateWords.Read([text]).Value!;

        Assert.Equal(expected.Split(' '), words.Words);
        Assert.Equal((text == "parked", false), (words.IsParked, words.IsUnrouted));
    }

    [Fact]
    public void Read_Nothing_IsTheDefault()
    {
        Assert.Null(StateWords.Read(texts: null).Value!.Words);
        Assert.Null(StateWords.Read([]).Value!.Words);
        Assert.True(StateWords.Read(["unrouted"]).Value!.IsUnrouted);
    }

    [Theory]
    [InlineData(
        "waitng",
        "'waitng' is not one of waiting, parked, pending, delivered, dead, held, discarded, digested, deferred, unrouted, all. "
        + "Did you mean 'waiting'?")]
    [InlineData("dead,", "'' is not one of waiting,")]
    [InlineData("parked,dead", "parked can't be combined with other states.")]
    [InlineData("dead,unrouted", "unrouted can't be combined with other states.")]
    public void Read_OtherWords_AreNamed(string text, string expected)
    {
        var problem = StateWords.Read([text]).Problem!;

        Assert.Equal("state", problem.Field);
        Assert.StartsWith(expected, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void InRequest_Waiting_IsPending() => Assert.Equal(["dead,pending", "held"], StateWords.InRequest(["dead,waiting", "held"]));
}
