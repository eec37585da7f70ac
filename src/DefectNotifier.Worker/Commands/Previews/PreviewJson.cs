using System.Text.Json.Serialization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>
/// The output of <c>route --json</c>. <see cref="Urgent"/> and <see cref="Deferred"/> name destinations of <see cref="Deliveries"/>.
/// </summary>
internal sealed record RouteReport(
    string EventName,
    string? ProjectCode,
    string? Severity,
    bool IsSeverityRemembered,
    bool IsUnrouted,
    IReadOnlyList<RouteVerdict> Verdicts,
    IReadOnlyList<PlannedDelivery> Deliveries,
    IReadOnlyList<string> Urgent,
    IReadOnlyDictionary<string, Deferral> Deferred,
    IReadOnlyList<Silence> Silences)
{
    public static RouteReport Of(DefectEvent defectEvent, RoutingDecision decision, IReadOnlyList<Silence> silences) =>
        new(
            defectEvent.Name,
            defectEvent.ProjectCode,
            decision.Severity,
            decision.IsSeverityRemembered,
            decision.IsUnrouted,
            decision.Verdicts!,
            decision.Deliveries,
            [.. decision.Deliveries.Where(planned => planned.Priority == DeliveryPriority.Urgent).Select(planned => planned.Destination)],
            decision.Deliveries.Where(planned => planned.Deferral is not null)
                .ToDictionary(planned => planned.Destination, planned => planned.Deferral!),
            silences);
}

/// <summary>The output of <c>send --json</c>: the chat's response in the words of the delivery history.</summary>
internal sealed record SendReport(
    string Destination,
    string Platform,
    SendOutcome Outcome,
    SendReason Reason,
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
