namespace DefectNotifier.Tests.Delivery;

/// <summary>One step of a <see cref="MessageThreadScenario"/>.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Word">Which event, method or error.</param>
/// <param name="Number">The number of the defect, a count or a time, depending on the kind.</param>
public sealed record ScenarioStep(ScenarioStepKind Kind, string Word, int Number);
