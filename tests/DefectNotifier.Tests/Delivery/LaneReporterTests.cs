using System.Diagnostics.Metrics;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DefectNotifier.Tests.Delivery;

public sealed class LaneReporterTests
{
    private static readonly PendingDelivery Delivery = new()
    {
        Id = 1,
        EventId = "event-1",
        EventName = "defect.created",
        Destination = "web-qa",
        MayBeRepeat = false,
        ReceivedAt = Some.Moment,
        Source = "",
        Body = default,
    };

    /// <summary>A dead letter has one word in the metric, however it came about: an alert must not miss one.</summary>
    [Theory]
    [InlineData(SendOutcome.Rejected, DeliveryState.Dead, SendReason.InvalidMessage, "dead")]
    [InlineData(SendOutcome.Retry, DeliveryState.Dead, SendReason.Expired, "dead")]
    [InlineData(SendOutcome.Retry, DeliveryState.Dead, SendReason.UnknownError, "dead")]
    [InlineData(SendOutcome.Ambiguous, DeliveryState.Dead, SendReason.Expired, "dead")]
    [InlineData(SendOutcome.Held, DeliveryState.Held, SendReason.Unconfirmed, "held")]
    [InlineData(SendOutcome.Retry, DeliveryState.Pending, SendReason.UnknownError, "retry")]
    [InlineData(SendOutcome.Delivered, DeliveryState.Delivered, SendReason.Ok, "delivered")]
    public void ReportOutcome_Metric_HasTheOutcomeThatAlertsLookFor(
        SendOutcome outcome, DeliveryState state, SendReason reason, string expected)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var metrics = new NotifierMetrics(meters);
        using var world = new LaneWorld();
        var reporter = new LaneReporter("web-qa", metrics, new DestinationActivity(), world.Health, world.Time, world.LaneLogger);
        var seen = new List<string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters)) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            seen.Add((string?)tags.ToArray().Single(tag => tag.Key == "outcome").Value));
        listener.Start();

        reporter.ReportOutcome(
            Delivery,
            new SendResult(outcome, reason),
            new AttemptOutcome
            {
                DeliveryId = 1,
                At = Some.Moment,
                Outcome = outcome,
                State = state,
                Reason = reason,
                MayHavePosted = false,
                Lane = new LaneState("web-qa"),
            });

        Assert.Equal([expected], seen);
    }
}
