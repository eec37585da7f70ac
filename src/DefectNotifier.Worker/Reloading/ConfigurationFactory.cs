using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Creates a configuration from valid settings and the templates as they are now.</summary>
internal sealed class ConfigurationFactory(
    IReadOnlyList<IDestinationType> destinationTypes,
    IEnumerable<IMessageFormatter> formatters,
    QaseAccountFactory accounts,
    RenderJournal journal,
    TimeProvider time,
    ILogger<TemplateStore> templateLogger)
{
    private const int VersionLength = 8;
    private static readonly Uri Nowhere = new("http://0.0.0.0");

    /// <summary>A template with errors keeps its version of the configuration before, if there is one.</summary>
    /// <exception cref="TemplateFolderException">The templates can't be read.</exception>
    public NotifierConfiguration Create(LoadedSettings loaded, NotifierConfiguration? before)
    {
        var settings = loaded.Settings;
        var templates = TemplateStore.Load(settings.Templates, templateLogger, before?.Templates);
        var (digest, version) = VersionOf(loaded, templates);
        var renderer = new MessageRenderer(templates, formatters, settings.Qase, time) { Journal = journal };
        return new NotifierConfiguration
        {
            Settings = settings,
            Templates = templates,
            IngressSecrets = new SourceSecrets(settings.Ingress),
            OperatorSecrets = new OperatorSecrets(settings),
            Digest = digest,
            Since = time.GetUtcNow(),
            Pipeline = PipelineOf(settings, destinationTypes, renderer, version) with { Accounts = accounts.Create(settings.QaseApi) },
        };
    }

    /// <summary>
    /// What the service would work with; for commands that explain a stored decision or show a message. Without access to Qase.
    /// </summary>
    /// <exception cref="TemplateFolderException">The templates can't be read.</exception>
    public static PipelineConfiguration PipelineOf(
        LoadedSettings loaded,
        IReadOnlyList<IDestinationType> types,
        IEnumerable<IMessageFormatter> formatters,
        TimeProvider time,
        ILogger<TemplateStore> logger)
    {
        var templates = TemplateStore.Load(loaded.Settings.Templates, logger, before: null);
        var renderer = new MessageRenderer(templates, formatters, loaded.Settings.Qase, time);
        return PipelineOf(loaded.Settings, types, renderer, VersionOf(loaded, templates).Version);
    }

    /// <summary>A hash of settings, including their secrets, and of templates.</summary>
    public static string DigestOf(LoadedSettings loaded, string templateDigest) =>
        Digest(Encoding.UTF8.GetBytes($"{loaded.Digest}\n{templateDigest}"));

    // The version is public. It contains only two bytes of the digest that covers the secrets: enough to see a change, too few to guess a
    // secret. Nodes that share an outbox have different names and addresses, and the same version.
    private static (string Digest, string Version) VersionOf(LoadedSettings loaded, TemplateStore templates)
    {
        var templateDigests = string.Join('\n', templates.Digests.Select(file => $"{file.Key} {file.Value}"));
        var digest = DigestOf(loaded, templateDigests);
        var settings = loaded.Settings;
        var shared = loaded.With(
            settings with { OutboxNode = "", OperationsUrl = Nowhere, Ingress = settings.Ingress with { Url = Nowhere } });
        var secretDigest = DigestOf(shared, templateDigests)[..4];
        byte[] shown = [.. SettingsJson.WithoutSecrets(shared.Settings), .. Encoding.UTF8.GetBytes(templateDigests + secretDigest)];
        return (digest, Digest(shown)[..VersionLength]);
    }

    private static PipelineConfiguration PipelineOf(
        NotifierSettings settings, IReadOnlyList<IDestinationType> types, MessageRenderer renderer, string version) => new()
        {
            Version = version,
            Routes = RouteTables.Create(settings, types, version),
            Renderer = renderer,
            Destinations = [.. settings.Destinations.Select(options => DestinationFactory.Create(options, types))],
            Delivery = settings.Delivery,
            Retention = settings.Retention,
            Qase = settings.Qase,
        };

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
