using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Events that no route takes, of a defect that was announced in the channel; and defects that are announced late.</summary>
public sealed class FollowTests : MessageThreadScene
{
    [Fact]
    public async Task RunAsync_RouteForCreatedAlone_KeepsTheMessageUpToDateAndPostsNothing()
    {
        await FollowAsync(new RouteOptions { Events = ["defect.created"], To = ["web-qa"] }, "created", "updated", "resolved");

        var root = Assert.Single(Slack.Messages);
        Assert.Contains("✅ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_RouteForCreatedAloneOfAnotherConfiguration_KeepsTheMessageUpToDate()
    {
        await FollowAsync(new RouteOptions { To = ["web-qa"] }, "created");
        await FollowAsync(new RouteOptions { To = ["lobby"] }, "resolved");

        Assert.Contains("✅ Coupons are ignored", Assert.Single(Slack.Messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NotFollowed_LeavesTheMessageAsItIs()
    {
        await FollowAsync(new RouteOptions { Events = ["defect.created"], To = ["web-qa"], Follow = false }, "created", "resolved");

        Assert.DoesNotContain("✅", Assert.Single(Slack.Messages).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageMode.ThreadAndUpdate)]
    [InlineData(MessageMode.Post)]
    public async Task RunAsync_SeverityRisesIntoTheRoute_AnnouncesTheDefectOnce(MessageMode mode)
    {
        var route = new RouteOptions { MinSeverity = "critical", To = ["web-qa"], MessageMode = mode };
        Start();
        foreach (var name in (string[])["created", "updated"]) await AcceptAsync(name, routes: Table(route, new() { To = ["lobby"] }));
        var details = new DefectDetails
        {
            Title = "Coupons are ignored",
            Severity = Severity.Blocker,
            UpdatedAt = Some.Moment,
            AskedAt = Some.Moment,
        };

        var request = EnrichmentRequest.Of(new DefectKey("", "WEB", 73));
        await World.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(request, Some.Moment) { Details = details, Routes = Table(route) });
        World.Signals.For("web-qa").Add(1);
        await AllDeliveredAsync();

        var message = Assert.Single(Slack.Messages);
        Assert.Contains("🔴 Coupons are ignored", message.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Updated", message.Text, StringComparison.Ordinal);
    }

    private static RouteTable Table(params RouteOptions[] routes) => new(routes)
    {
        Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(true), ["lobby"] = new(false) },
    };

    private async Task FollowAsync(RouteOptions route, params string[] names)
    {
        if (Slack.Messages.Count == 0) Start();
        foreach (var name in names)
        {
            await AcceptAsync(name, routes: Table(route, new RouteOptions { To = ["lobby"] }));
            await AllDeliveredAsync();
        }
    }
}
