using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Replaying;

namespace DefectNotifier.Tests.Commands.Replaying;

public sealed class ReplayPaceTests
{
    private static readonly PlannedDelivery Message = new("web-qa", 0, TemplateSet: null) { MayDigest = true };

    [Fact]
    public void Estimate_Storm_IsOneDigest()
    {
        var estimate = EstimateOf(new DigestOptions(), Enumerable.Range(0, 300).Select(i => TimeSpan.FromMilliseconds(i * 10)));

        Assert.Equal(new PaceEstimate("web-qa", 1, 299, 1, 0), estimate);
    }

    [Fact]
    public void Estimate_MessagesAtThePace_AreOnTheirOwn() =>
        Assert.Equal(
            new PaceEstimate("web-qa", 100, 0, 0, 0),
            EstimateOf(new DigestOptions(), Enumerable.Range(0, 100).Select(i => TimeSpan.FromSeconds(i))));

    [Fact]
    public void Estimate_TwoStorms_AreTwoDigests()
    {
        var storm = Enumerable.Range(0, 50).Select(i => TimeSpan.FromMilliseconds(i)).ToList();

        var estimate = EstimateOf(new DigestOptions(), [.. storm, .. storm.Select(at => at + TimeSpan.FromHours(1))]);

        Assert.Equal((2, 98), (estimate.Digests, estimate.Digested));
    }

    [Fact]
    public void Estimate_WithoutDigests_SendsEachMessage() =>
        Assert.Equal(
            new PaceEstimate("web-qa", 50, 0, 0, 0),
            EstimateOf(digest: null, Enumerable.Range(0, 50).Select(i => TimeSpan.FromMilliseconds(i))));

    [Fact]
    public void Estimate_UrgentAndSilentMessages_AreNotInTheDigest()
    {
        var pace = new ReplayPace(new RateLimitOptions(), new DigestOptions());
        for (var i = 0; i < 20; i++) pace.Add(Message with { Priority = DeliveryPriority.Urgent }, Some.Moment);
        pace.Add(PlannedDelivery.Refresh("web-qa"), Some.Moment);

        Assert.Equal(new PaceEstimate("web-qa", 20, 0, 0, 0), pace.Estimate("web-qa"));
    }

    [Fact]
    public void Estimate_Deferred_IsADigestForEachEndOfQuietHours()
    {
        var pace = new ReplayPace(new RateLimitOptions(), new DigestOptions());
        var end = Some.Moment.AddHours(8);
        for (var i = 0; i < 5; i++) pace.Add(Message with { Deferral = new Deferral(end) }, Some.Moment);
        pace.Add(Message with { Deferral = new Deferral(end.AddDays(1)) }, Some.Moment);

        Assert.Equal(new PaceEstimate("web-qa", 1, 5, 1, 6), pace.Estimate("web-qa"));
    }

    private static PaceEstimate EstimateOf(DigestOptions? digest, IEnumerable<TimeSpan> arrivals)
    {
        var pace = new ReplayPace(new RateLimitOptions(), digest);
        // The newest first, as they are read.
        foreach (var at in arrivals.Reverse()) pace.Add(Message, Some.Moment + at);
        return pace.Estimate("web-qa");
    }
}
