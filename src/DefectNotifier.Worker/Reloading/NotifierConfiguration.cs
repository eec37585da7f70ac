using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Everything that a reload replaces. Code that reads it once works with one consistent version.</summary>
internal sealed record NotifierConfiguration
{
    public required NotifierSettings Settings { get; init; }

    public required TemplateStore Templates { get; init; }

    public required PipelineConfiguration Pipeline { get; init; }

    public required SourceSecrets IngressSecrets { get; init; }

    public required OperatorSecrets OperatorSecrets { get; init; }

    /// <summary>A hash of settings, secrets and templates: compared, and never shown.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset Since { get; init; }

    public string Version => Pipeline.Version;
}

/// <summary>Holds the active configuration.</summary>
internal sealed class CurrentConfiguration(NotifierConfiguration first)
{
    private volatile NotifierConfiguration _value = first;

    public NotifierConfiguration Value => _value;

    public void Replace(NotifierConfiguration next) => _value = next;
}
