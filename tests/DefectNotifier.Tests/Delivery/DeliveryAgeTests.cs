using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class DeliveryAgeTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment.AddDays(100));
    private readonly DeliveryAge _age;

    public DeliveryAgeTests() => _age = new DeliveryAge(_time);

    [Fact]
    public void Now_AttemptsOfAnEarlierProcess_CountsTheTimeBetweenThem()
    {
        _age.Begin(Delivery(first: Some.Moment, last: Some.Moment.AddHours(3)));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromHours(4), _age.Now);
    }

    [Fact]
    public void Now_ClockWasSetBackBetweenTheAttempts_IsNotNegative()
    {
        _age.Begin(Delivery(first: Some.Moment, last: Some.Moment.AddDays(-3)));

        Assert.Equal(TimeSpan.Zero, _age.Now);
    }

    [Fact]
    public void Now_AttemptsInThisProcess_AreMeasuredWithTheSteadyClock()
    {
        _age.Begin(Delivery(first: null, last: null));
        _time.Advance(TimeSpan.FromHours(2));

        _age.Begin(Delivery(first: Some.Moment, last: Some.Moment.AddDays(50)));

        Assert.Equal(TimeSpan.FromHours(2), _age.Now);
    }

    [Fact]
    public void Now_RetriedByAnOperator_StartsAgain()
    {
        _age.Begin(Delivery(first: Some.Moment, last: Some.Moment.AddHours(3)));

        _age.Begin(Delivery(first: null, last: Some.Moment.AddHours(3)));

        Assert.Equal(TimeSpan.Zero, _age.Now);
    }

    private static PendingDelivery Delivery(DateTimeOffset? first, DateTimeOffset? last) => new()
    {
        Id = 1,
        EventId = "1",
        EventName = "defect.created",
        Destination = "web-qa",
        MayBeRepeat = false,
        ReceivedAt = Some.Moment,
        Source = "",
        Body = "{}"u8.ToArray(),
        FirstAttemptAt = first,
        LastAttemptAt = last,
    };
}
