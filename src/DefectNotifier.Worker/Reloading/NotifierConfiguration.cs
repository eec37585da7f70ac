using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Everything that a reload exchanges, as one. Whoever works by it takes it once and sees nothing of the next one.</summary>
internal sealed record NotifierConfiguration
{
    public required NotifierSettings Settings { get; init; }

    public required TemplateStore Templates { get; init; }

    public required PipelineConfiguration Pipeline { get; init; }

    /// <summary>Who may send webhooks.</summary>
    public required SecretCheck IngressSecrets { get; init; }

    /// <summary>A digest of all of it, secrets too: it is compared, and never shown.</summary>
    public required string Digest { get; init; }

    /// <summary>Since when it is in force.</summary>
    public required DateTimeOffset Since { get; init; }

    public string Version => Pipeline.Version;
}
