using CsCheck;
using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class DefectPropertyTests
{
    [Fact]
    public void After_AnyOrderOfTheSameEvents_IsTheSame() =>
        DefectEvents.Life.SelectMany(events => Gen.Shuffle(events).Select(shuffled => (events, shuffled))).Sample(
            pair => Assert.Equal(DefectEvents.Describe(Fold(pair.events)), DefectEvents.Describe(Fold(pair.shuffled))),
            iter: 3_000);

    [Fact]
    public void After_EventsThatComeTwice_IsTheSame() =>
        DefectEvents.Life.Sample(events => Assert.Equal(DefectEvents.Describe(Fold(events)), DefectEvents.Describe(Fold([.. events, .. events.Reverse()]))), iter: 1_000);

    [Fact]
    public void After_AnyEvents_KeepsWhatIsAlwaysTrue() =>
        DefectEvents.Life.Sample(
            events =>
            {
                var defect = Fold(events);
                Assert.InRange(defect.History.Count, 1, Defect.MostHistory);
                Assert.Equal(events.Any(one => one.Event.Title is not null), defect.Title is not null);
                Assert.Equal(events.Any(one => one.Event.Severity is not null), defect.Severity is not null);
                Assert.Equal(events.Any(one => DefectEvents.Is(one, "defect.deleted")), defect.Deleted is not null);
                Assert.Equal(events.Any(one => DefectEvents.Is(one, "defect.created")), DefectEvents.Is(events.Single(one => one.Id == defect.Opening.EventId), "defect.created"));
                Assert.False(defect.OpenFor < TimeSpan.Zero);
                var complete = defect.Complete(events[0].Event);
                Assert.Equal((events[0].Event.Name, defect.Title), (complete.Name, complete.Title));
            },
            iter: 1_000);

    private static Defect Fold(IEnumerable<NewDefectEvent> events) => events.Aggregate(default(Defect), (before, one) => Defect.After(before, one.Event, one.Id, one.ReceivedAt, one.Body))!;
}
