namespace DefectNotifier.Enrichment;

/// <summary>How to go on with looking for a name.</summary>
/// <param name="Path">What to ask next; null: it is decided.</param>
/// <param name="Name">The name, when it is decided; null: Qase does not know it.</param>
internal readonly record struct NameStep(string? Path, string? Name);
