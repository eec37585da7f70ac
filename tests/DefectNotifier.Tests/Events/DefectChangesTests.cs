using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class DefectChangesTests
{
    private static readonly DefectDetails Details = new()
    {
        Title = Some.DefectEvent.Title,
        Severity = Severity.Major,
        UpdatedAt = Some.Moment.AddSeconds(2),
        AskedAt = Some.Moment.AddSeconds(30),
    };

    [Fact]
    public void With_ResponseAfterAnUpdate_SaysWhatDiffers()
    {
        var changes = Updated().With(Details with { Severity = Severity.Critical, Status = "in_progress" }).Changes!;

        Assert.Equal(
            [
                new DefectChange(DefectProperty.Severity, "Major", "Critical"),
                new DefectChange(DefectProperty.Status, "open", "in_progress"),
            ],
            changes.Changes);
        Assert.Equal("defect.updated", changes.Update.Event);
    }

    [Fact]
    public void With_NothingThatIsKnownDiffers_HasNoChanges() => Assert.Empty(Updated().With(Details).Changes!.Changes);

    [Fact]
    public void With_NoUpdate_SaysNothing() => Assert.Null(Created().With(Details with { Severity = Severity.Critical }).Changes);

    [Fact]
    public void With_PropertyWasNotKnown_IsNoChange()
    {
        var unknown = Defect.After(before: null, Update(1), "1", Some.Moment, default);

        Assert.Empty(unknown.With(Details).Changes!.Changes);
    }

    [Fact]
    public void With_SecondResponseToTheSameUpdate_AddsToTheFirst()
    {
        var first = Updated().With(Details with { Severity = Severity.Critical });
        var second = first.With(Details with { Severity = Severity.Critical, Title = "Renamed", UpdatedAt = Some.Moment.AddSeconds(4) });

        Assert.Equal([DefectProperty.Severity, DefectProperty.Title], second.Changes!.Changes.Select(change => change.Property));
        Assert.False(first.HasSameContentAs(second));
    }

    [Fact]
    public void With_LaterUpdate_ReplacesTheChanges()
    {
        var first = Updated().With(Details with { Severity = Severity.Critical });
        var later = Defect.After(first, Update(10), "3", Some.Moment, default);

        Assert.Single(later.Changes!.Changes);
        var after = later.With(Details with { Severity = Severity.Minor, UpdatedAt = Some.Moment.AddSeconds(11) });
        Assert.Equal([new DefectChange(DefectProperty.Severity, "Critical", "Minor")], after.Changes!.Changes);
    }

    private static Defect Created() => Defect.After(before: null, Some.DefectEvent, "1", Some.Moment, default);

    private static Defect Updated() => Defect.After(Created(), Update(1), "2", Some.Moment, default);

    private static DefectEvent Update(int second) => Some.DefectEvent with
    {
        Name = "defect.updated",
        Title = null,
        Severity = null,
        OccurredAt = Some.Moment.AddSeconds(second),
    };
}
