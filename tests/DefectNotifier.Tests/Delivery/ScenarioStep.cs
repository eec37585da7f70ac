namespace DefectNotifier.Tests.Delivery;

/// <summary>One step of a <see cref="MessageThreadScenario"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Word">Which event, method or error.</param>
/// <param name="Number">Which defect, how many, when.</param>
public sealed record ScenarioStep(ScenarioStepKind Kind, string Word, int Number);
