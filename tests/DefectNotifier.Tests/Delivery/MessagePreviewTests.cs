using System.Text.Json;
using System.Text.Json.Nodes;
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

        // What was not changed after the send shows the defect as it was, and the preview as it is.
        var older = mode switch { MessageMode.Post => 2, MessageMode.Thread => 1, _ => 0 };
        Assert.Equal(Slack.Messages.Select(message => BlocksIn(message.Body)).Skip(older), blocks.Skip(older));
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

        Assert.Equal(BlocksIn(Assert.Single(Slack.Messages).Body), preview);
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
        var preview = new MessagePreview(World.Outbox, () => World.Configuration);
        var message = await preview.RenderAsync(delivery, history, CancellationToken.None);
        Assert.True(message is null or { Version: "v2" });
        return message is null ? null : BlocksIn(JsonElement.Parse(message.Json.Span));
    }

    // Without regard to how characters are escaped.
    private static string BlocksIn(JsonElement message) => JsonNode.Parse(message.GetProperty("blocks").GetRawText())!.ToJsonString();
}
