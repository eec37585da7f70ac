using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>What <c>init</c> has to know.</summary>
/// <param name="Destinations">Where messages go; at least one.</param>
/// <param name="ProjectCodes">The projects whose events are told; none: all.</param>
internal sealed record SetupAnswers(IReadOnlyList<DestinationOptions> Destinations, IReadOnlyList<string> ProjectCodes);
