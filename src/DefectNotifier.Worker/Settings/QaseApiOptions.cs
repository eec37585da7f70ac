using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>How Qase's REST API is asked for what webhooks do not tell.</summary>
internal sealed record QaseApiOptions
{
    /// <summary>The base address; default <c>https://api.qase.io/v1/</c>.</summary>
    public Uri ApiUrl { get; init; } = new("https://api.qase.io/v1/");

    /// <summary>For every endpoint without an entry in <see cref="Workspaces"/>; null: those are not asked for.</summary>
    public Secret? Token { get; init; }

    /// <summary>No more are asked in any minute, of each workspace; default 60. Qase allows a workspace 600, which it shares with CI.</summary>
    public int RequestsPerMinute { get; init; } = 60;

    public IReadOnlyList<QaseWorkspaceOptions> Workspaces { get; init; } = [];
}
