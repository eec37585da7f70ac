namespace DefectNotifier.Enrichment;

/// <summary>A way to ask one workspace of Qase.</summary>
/// <param name="Name">Where the settings have it: <c>Qase</c>, <c>Qase:Workspaces:mobile</c>. For logs and reports.</param>
/// <param name="Key">A digest of address and token: what was learned of an account is good as long as it stays the same. Tells nothing of either.</param>
/// <param name="RequestsPerMinute">No more are asked in any minute.</param>
/// <param name="Api">The API with this account's token.</param>
public sealed record QaseAccount(string Name, string Key, int RequestsPerMinute, IQaseApi Api);
