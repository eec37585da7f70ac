using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Details of a defect that arrive after its message was posted.</summary>
public sealed class MessageThreadDetailsTests : MessageThreadScene
{
    [Fact]
    public async Task RunAsync_DetailsArrive_UpdateTheMessageAndPostNothing()
    {
        await LiveAsync("resolved");
        Assert.DoesNotContain("Coupons", Everything, StringComparison.Ordinal);
        var details = new DefectDetails { Title = "Coupons are ignored", Severity = Severity.Major, AskedAt = Some.Moment };

        await World.Outbox.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Of(new DefectKey("", "WEB", 73)), Some.Moment) { Details = details });
        await AllDeliveredAsync();

        var root = Assert.Single(Slack.Messages);
        Assert.Contains("Resolved: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_DetailsArriveDuringTheSend_UpdateTheMessageAfterIt()
    {
        var details = new DefectDetails { Title = "Coupons are ignored", Severity = Severity.Major, AskedAt = Some.Moment };
        Slack.Meanwhile = async () =>
        {
            await World.Outbox.ApplyEnrichmentAsync(
                new EnrichmentResult(EnrichmentRequest.Of(new DefectKey("", "WEB", 73)), Some.Moment) { Details = details });
        };

        await LiveAsync("resolved");

        var root = Assert.Single(Slack.Messages);
        Assert.Contains("Resolved: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_DetailsArriveAndTheMessageIsGone_PostsNothing()
    {
        await LiveAsync("resolved");
        await World.Outbox.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Of(new DefectKey("", "WEB", 73)), Some.Moment)
            {
                Details = new DefectDetails { Title = "T", AskedAt = Some.Moment },
            });
        Slack.Delete(Slack.Roots[0]);

        World.Signals.For("web-qa").Add(1);
        await AllDeliveredAsync();

        Assert.Single(Slack.Messages);
    }

    [Fact]
    public async Task RunAsync_WebhookNamedDetails_IsPostedLikeAnyOther()
    {
        await LiveAsync("created", "details");

        Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots)));
    }
}
