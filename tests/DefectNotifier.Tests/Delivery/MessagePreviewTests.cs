using System.Text.Json;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>The message that is rendered anew is the one that the lane sent.</summary>
public sealed class MessagePreviewTests : MessageThreadScene
{
    [Theory]
    [InlineData(MessageMode.ThreadAndUpdate)]
    [InlineData(MessageMode.Thread)]
    [InlineData(MessageMode.Post)]
    public async Task RenderAsync_DeliveredEvents_AreWhatTheChannelShows(MessageMode mode)
    {
        World.Route = World.Route with { MessageMode = mode };
        World.Configuration = World.Configure("v2", DestinationOf(Slack));
        await LiveAsync("created", "updated", "resolved");

        var blocks = new List<string?>();
        for (var id = 1; id <= 3; id++) blocks.Add(await BlocksAsync(id));

        // In the thread mode, the defect's message keeps showing its beginning, and the preview shows the present state.
        var shown = Slack.Messages.Select(message => message.Body.GetProperty("blocks").GetRawText());
        Assert.Equal(shown.Skip(mode == MessageMode.Thread ? 1 : 0), blocks.Skip(mode == MessageMode.Thread ? 1 : 0));
        if (mode == MessageMode.ThreadAndUpdate) Assert.Contains("Resolved", blocks[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_Pending_IsWhatWillBeSent()
    {
        World.Configuration = World.Configure("v2", DestinationOf(Slack));
        await AcceptAsync("created");
        var preview = await BlocksAsync(1);
        Assert.Empty(Slack.Messages);

        Start();
        await AllDeliveredAsync();

        Assert.Equal(Assert.Single(Slack.Messages).Body.GetProperty("blocks").GetRawText(), preview);
    }

    [Fact]
    public async Task RenderAsync_DestinationIsGone_IsNothing()
    {
        World.Configuration = World.Configure("v2");
        await AcceptAsync("created");

        Assert.Null(await BlocksAsync(1));
    }

    private async Task<string?> BlocksAsync(long id)
    {
        var delivery = (await World.Outbox.ReadDeliveryAsync(id, CancellationToken.None))!;
        var history = (await World.StoredAsync()).SelectMany(stored => stored.Deliveries).Single(stored => stored.Id == id).History;
        var message = await new MessagePreview(World.Outbox, () => World.Configuration).RenderAsync(delivery, history, CancellationToken.None);
        Assert.True(message is null or { Version: "v2" });
        return message is null ? null : JsonElement.Parse(message.Json.Span).GetProperty("blocks").GetRawText();
    }
}
