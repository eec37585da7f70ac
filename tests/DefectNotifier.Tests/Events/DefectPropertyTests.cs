using CsCheck;
using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class DefectPropertyTests
{
    [Fact]
    public void After_SameEventsInAnyOrder_SameDefect() =>
        DefectEvents.Life.SelectMany(events => Gen.Shuffle(events).Select(shuffled => (events, shuffled))).Sample(
            pair => Assert.Equal(DefectEvents.Describe(Fold(pair.events)), DefectEvents.Describe(Fold(pair.shuffled))),
            iter: PropertyCases.Of(3_000));

    [Fact]
    public void After_DuplicateEvents_SameDefect() =>
        DefectEvents.Life.Sample(
            events => Assert.Equal(DefectEvents.Describe(Fold(events)), DefectEvents.Describe(Fold([.. events, .. events.Reverse()]))),
            iter: PropertyCases.Of(1_000));

    [Fact]
    public void After_AnyEvents_InvariantsHold() =>
        DefectEvents.Life.Sample(
            events =>
            {
                var defect = Fold(events);
                Assert.InRange(defect.History.Count, 1, Defect.MaxHistory);
                Assert.Equal(events.Any(one => one.Event.Title is not null), defect.Title is not null);
                Assert.Equal(events.Any(one => one.Event.Severity is not null), defect.Severity is not null);
                Assert.Equal(events.Any(one => DefectEvents.Is(one, "defect.deleted")), defect.Deleted is not null);
                Assert.Equal(
                    events.Any(one => DefectEvents.Is(one, "defect.created")),
                    DefectEvents.Is(events.Single(one => one.Id == defect.Opening.EventId), "defect.created"));
                Assert.False(defect.OpenFor < TimeSpan.Zero);
                var complete = defect.Complete(events[0].Event);
                Assert.Equal((events[0].Event.Name, defect.Title), (complete.Name, complete.Title));
            },
            iter: PropertyCases.Of(1_000));

    [Fact]
    public void With_EventsAndResponsesInAnyOrder_SameDefect() =>
        Gen.Select(DefectEvents.Life, DefectEvents.Details.Array[1, 4]).SelectMany(InAnyOrder).Sample(
            (events, responses, order) =>
            {
                // The first event creates the defect; further events and responses come in any order.
                Defect Mixed(IEnumerable<int> steps) => steps.Aggregate(
                    Fold(events[..1]),
                    (before, step) => step < events.Length ? After(before, events[step]) : before.With(responses[step - events.Length]));
                Assert.Equal(DefectEvents.Describe(Mixed(order.Order())), DefectEvents.Describe(Mixed(order)));
                Assert.Equal(DefectEvents.Describe(Mixed(order)), DefectEvents.Describe(Mixed([.. order, .. order])));
            },
            iter: PropertyCases.Of(2_000));

    [Fact]
    public void With_AnyResponse_KeepsDeletionAndTitle() =>
        Gen.Select(DefectEvents.Life, DefectEvents.Details).Sample(
            (events, response) =>
            {
                var before = Fold(events);
                var after = before.With(response);
                Assert.Equal(before.Deleted, after.Deleted);
                Assert.Equal(before.Title is not null || response.Title is not null, after.Title is not null);
                Assert.Equal(before.History, after.History);
                Assert.Equal(before.Opening, after.Opening);
                if (before.Deleted is not null) Assert.Equal("deleted", after.Status);
                Assert.True(after.HasSameContentAs(after.With(response)));
            },
            iter: PropertyCases.Of(1_000));

    private static Defect After(Defect before, NewDefectEvent one) => Defect.After(before, one.Event, one.Id, one.ReceivedAt, one.Body);

    // The numbers are the indexes of the events after the first, then those of the responses.
    private static Gen<(
        NewDefectEvent[] Events,
        DefectDetails[] Responses,
        int[] Order)> InAnyOrder((NewDefectEvent[] Events, DefectDetails[] Responses) life) =>
        Gen.Shuffle(Enumerable.Range(1, life.Events.Length - 1 + life.Responses.Length).ToArray())
            .Select(order => (life.Events, life.Responses, order));

    private static Defect Fold(IEnumerable<NewDefectEvent> events) =>
        events.Aggregate(default(Defect), (before, one) => Defect.After(before, one.Event, one.Id, one.ReceivedAt, one.Body))!;
}
