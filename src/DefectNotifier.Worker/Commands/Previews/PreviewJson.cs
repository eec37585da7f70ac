using System.Text.Json.Serialization;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The output of <c>route --json</c>.</summary>
internal sealed record RouteReport(
    string EventName,
    string? ProjectCode,
    string? Severity,
    bool IsUnrouted,
    IReadOnlyList<RouteVerdict> Verdicts,
    IReadOnlyList<PlannedDelivery> Deliveries)
{
    public static RouteReport Of(DefectEvent defectEvent, RoutingDecision decision) =>
        new(
            defectEvent.Name,
            defectEvent.ProjectCode,
            defectEvent.Severity?.Slug,
            decision.IsUnrouted,
            decision.Verdicts!,
            decision.Deliveries);
}

/// <summary>The output of <c>send --json</c>.</summary>
/// <param name="Destination">The destination's name in the settings.</param>
/// <param name="Platform"><c>slack</c> or <c>teams</c>.</param>
/// <param name="Outcome">The outcome, in the same words as the delivery history.</param>
/// <param name="Reason">The reason for the outcome.</param>
/// <param name="Detail">What the chat responded.</param>
/// <param name="Advice">What an operator can do.</param>
/// <param name="Reference">The chat's id of the message.</param>
/// <param name="RetryAfterSeconds">How long the chat asks all senders to wait.</param>
internal sealed record SendReport(
    string Destination,
    string Platform,
    string Outcome,
    string Reason,
    string? Detail,
    string? Advice,
    string? Reference,
    double? RetryAfterSeconds);

[JsonSerializable(typeof(RouteReport))]
[JsonSerializable(typeof(SendReport))]
[JsonSerializable(typeof(MessageMode))]
internal sealed partial class PreviewJson : JsonSerializerContext
{
    public static PreviewJson Readable { get; } = new(OperationsJson.NewOptions());
}
