using DefectNotifier.Events;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>How commands name a defect and count things.</summary>
internal static class EventText
{
    /// <summary>The defect of an event as <c>why</c> takes it: <c>WEB-97</c>. For other events the project; null without one.</summary>
    public static string? DefectOf(string eventName, string? projectCode, long? subjectId) =>
        DefectKey.Of("", eventName, projectCode, subjectId) is null ? projectCode : $"{projectCode ?? "D"}-{subjectId}";

    /// <summary><c>1 message</c>, <c>2 messages</c>.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
