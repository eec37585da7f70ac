using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Makes a configuration of settings that were found good and of the templates as they are now.</summary>
internal sealed class ConfigurationFactory(ChatComponents components, IEnumerable<IMessageFormatter> formatters, QaseAccountFactory accounts, TimeProvider time, ILogger<TemplateStore> templateLogger)
{
    private const int VersionLength = 8;

    /// <param name="loaded">The settings.</param>
    /// <param name="before">What is in force up to now: templates that are broken now stay as they are there. Null: nothing is.</param>
    /// <exception cref="IOException">The templates can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The templates can't be read.</exception>
    public NotifierConfiguration Create(LoadedSettings loaded, NotifierConfiguration? before)
    {
        var settings = loaded.Settings;
        var templates = TemplateStore.Load(settings.Templates, templateLogger, before?.Templates);
        var (digest, version) = VersionOf(loaded, templates);
        return new NotifierConfiguration
        {
            Settings = settings,
            Templates = templates,
            IngressSecrets = new SecretCheck(settings.Ingress.Secrets),
            Digest = digest,
            Since = time.GetUtcNow(),
            Pipeline = new PipelineConfiguration
            {
                Version = version,
                Routes = new RouteTable(settings.Routes, version),
                Renderer = new MessageRenderer(templates, formatters, settings.Qase, time),
                Destinations = [.. settings.Destinations.Select(options => DestinationFactory.Create(options, components.DestinationTypes))],
                Delivery = settings.Delivery,
                Retention = settings.Retention,
                Qase = settings.Qase,
                Accounts = accounts.Create(settings.QaseApi),
            },
        };
    }

    /// <summary>The routes as the service would have them with these settings; for commands that explain what it stored.</summary>
    public static RouteTable RoutesOf(LoadedSettings loaded, ILogger<TemplateStore> logger) =>
        new(loaded.Settings.Routes, VersionOf(loaded, TemplateStore.Load(loaded.Settings.Templates, logger, before: null)).Version);

    /// <summary>A digest of settings with their secrets and of some texts that go with them.</summary>
    public static string DigestOf(LoadedSettings loaded, string texts)
    {
        var logging = loaded.Logging.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        return Digest(Encoding.UTF8.GetBytes(string.Join('\n', [SettingsJson.WithSecrets(loaded.Settings).ToJsonString(), .. logging, texts])));
    }

    // Shown to everybody, so of the secrets no more is in it than two bytes of the digest of everything: enough to see that one was changed, too little to find one by.
    private static (string Digest, string Version) VersionOf(LoadedSettings loaded, TemplateStore templates)
    {
        var texts = string.Join('\n', templates.Digests.Select(file => $"{file.Key} {file.Value}"));
        var digest = DigestOf(loaded, texts);
        byte[] shown = [.. SettingsJson.WithoutSecrets(loaded.Settings), .. Encoding.UTF8.GetBytes(texts), .. Encoding.UTF8.GetBytes(digest[..4])];
        return (digest, Digest(shown)[..VersionLength]);
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
