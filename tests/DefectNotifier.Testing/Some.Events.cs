using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Testing;

public static partial class Some
{
    /// <summary>A new defect, as Qase reports it.</summary>
    public static DefectEvent DefectEvent { get; } = new()
    {
        Source = "",
        Name = "defect.created",
        ProjectCode = "WEB",
        OccurredAt = Moment.AddSeconds(-2),
        TeamMemberId = 418,
        SubjectId = 73,
        Title = "Checkout ignores the coupon",
        Severity = Severity.Major,
        ActualResult = "The discount row disappears.",
        Payload = JsonElement.Parse(
            """{"id":73,"title":"Checkout ignores the coupon","severity":"major","actual_result":"The discount row disappears."}"""u8),
    };
}
