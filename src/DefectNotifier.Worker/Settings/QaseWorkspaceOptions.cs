using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>One entry of <c>Qase:Workspaces</c>.</summary>
/// <param name="Name">NAME in <c>/webhooks/qase/NAME</c>.</param>
/// <param name="ApiUrl">The base address.</param>
/// <param name="Token">The API token.</param>
internal sealed record QaseWorkspaceOptions(string Name, Uri ApiUrl, Secret Token);
