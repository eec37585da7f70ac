using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>How Qase's REST API is called for data that webhooks do not contain.</summary>
internal sealed record QaseApiOptions
{
    /// <summary>The base address; default <c>https://api.qase.io/v1/</c>.</summary>
    public Uri ApiUrl { get; init; } = new("https://api.qase.io/v1/");

    /// <summary>The token for every source without an entry in <see cref="Workspaces"/>; null: the API is not called for those.</summary>
    public Secret? Token { get; init; }

    /// <summary>The maximum number of requests per minute and workspace; default 60. Qase allows 600, which CI reporters use too.</summary>
    public int RequestsPerMinute { get; init; } = 60;

    public IReadOnlyList<QaseWorkspaceOptions> Workspaces { get; init; } = [];
}

/// <summary>One entry of <c>Qase:Workspaces</c>. The name is NAME in <c>/webhooks/qase/NAME</c>.</summary>
internal sealed record QaseWorkspaceOptions(string Name, Uri ApiUrl, Secret Token);
