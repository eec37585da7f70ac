using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Sandbox;

public sealed class SandboxDestinationTypeTests
{
    private readonly SandboxDestinationType _type = new(new SandboxInbox(TimeProvider.System));

    [Theory]
    [InlineData(null, ChatPlatform.Slack)]
    [InlineData("", ChatPlatform.Slack)]
    [InlineData("slack", ChatPlatform.Slack)]
    [InlineData("Slack", ChatPlatform.Slack)]
    [InlineData("slack-webhook", ChatPlatform.Slack)]
    [InlineData("teams", ChatPlatform.Teams)]
    [InlineData(" TEAMS ", ChatPlatform.Teams)]
    public void PlatformOf_As_IsTheSimulatedChat(string? platform, ChatPlatform expected)
    {
        Assert.Empty(_type.Validate(Options(platform)));
        Assert.Equal(expected, _type.PlatformOf(Options(platform)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("slack", true)]
    [InlineData("slack-webhook", false)]
    [InlineData("teams", false)]
    public void CreateSender_As_HasThreadsLikeTheSimulatedType(string? type, bool isBot)
    {
        Assert.Equal(isBot, _type.CreateSender(Options(type)) is IThreadedSender);
        Assert.Equal(isBot, _type.UpdateLimitOf(Options(type)) is not null);
    }

    [Theory]
    [InlineData("discord")]
    [InlineData("teams-webhook")]
    public void Validate_OtherChat_IsAnError(string platform) =>
        Assert.Equal("As", Assert.Single(_type.Validate(Options(platform))).Key);

    private static DestinationOptions Options(string? platform) => new() { Name = "lobby", Type = "sandbox", As = platform };
}
