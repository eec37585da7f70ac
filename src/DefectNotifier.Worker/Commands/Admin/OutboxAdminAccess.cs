using System.Net.Http.Headers;
using DefectNotifier.Chat;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>Gives a command access to the outbox: through the service if it is running, otherwise directly.</summary>
internal static class OutboxAdminAccess
{
    /// <summary>A call that changes 1,000 deliveries takes a second or two.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(100);

    /// <summary>Runs the command; an error that prevents access becomes a message on standard error and an exit code.</summary>
    public static Task<int> RunAsync(string? configFile, Func<IOutboxAdmin, Task<int>> work, CancellationToken stop) => RunAsync(
        configFile,
        needsAccess: true,
        work,
        async (access, components, reason) =>
        {
            await using var local = OpenLocal(access, components, configFile, reason);
            return await work(local);
        },
        stop);

    /// <summary>
    /// The same for the status. Without the service, and with faulty settings for the access to it, the outbox is only read, so that a
    /// service that starts can open it.
    /// </summary>
    public static Task<int> RunAsync(string? configFile, Func<AdminResult<ServiceStatus>, int> work, CancellationToken stop) => RunAsync(
        configFile,
        needsAccess: false,
        async admin => work(await admin.ReadStatusAsync(stop)),
        async (access, components, reason) =>
        {
            _ = ExistingOutbox(access.Settings, reason);
            Output.WriteWarning(reason);
            var isInUse = OutboxEngine.IsInUse(access.Settings);
            var status = await OutboxEngine.ReadViewAsync(
                access.Settings,
                outbox => new LocalStatus(outbox, access, components.DestinationTypes, TimeProvider.System).ReadAsync(isInUse, stop));
            Output.WriteWarning("This is read from the outbox.");
            return work(status);
        },
        stop);

    // The local work gets the reason why the service is not asked.
    private static Task<int> RunAsync(
        string? configFile,
        bool needsAccess,
        Func<IOutboxAdmin, Task<int>> workRemotely,
        Func<AccessSettings, ChatComponents, string, Task<int>> workLocally,
        CancellationToken stop) =>
        CommandErrors.CatchAsync(() => RunWithAccessAsync(configFile, needsAccess, workRemotely, workLocally, stop));

    private static async Task<int> RunWithAccessAsync(
        string? configFile,
        bool needsAccess,
        Func<IOutboxAdmin, Task<int>> workRemotely,
        Func<AccessSettings, ChatComponents, string, Task<int>> workLocally,
        CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var access = CommandSettings.ReadForAccess(configFile, components, needsAccess);
        try
        {
            if (access.HasAccessErrors)
                return await workLocally(access, components, "The service is not asked, because the settings for that have errors.");
            using var client = ClientFor(access.Settings);
            var remote = new OutboxAdminClient(client);
            if (await WhyNotRunningAsync(remote, client.BaseAddress!, needsAccess, stop) is { } reason)
                return await workLocally(access, components, reason);
            AddSecret(client, access.Settings);
            return await workRemotely(remote);
        }
        catch (Exception error) when (error is OutboxAdminException or HttpRequestException
            or OutboxOpenException or OutboxUnavailableException)
        {
            Output.WriteError(error.Message);
            return ExitCodes.Failed;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            Output.WriteError($"The service did not respond within {Timeout.TotalSeconds:0} s.");
            return ExitCodes.Failed;
        }
    }

    // Null: it is running. What only reads needs no answer from what listens there.
    private static async Task<string?> WhyNotRunningAsync(OutboxAdminClient remote, Uri address, bool needsAccess, CancellationToken stop)
    {
        try
        {
            return await remote.IsRunningAsync(stop) ? null : NotListening(address);
        }
        catch (OutboxAdminException error) when (!needsAccess)
        {
            return error.Message;
        }
    }

    /// <summary>
    /// Gives access to the stored events: through the service if it is running, otherwise from the outbox, which is opened read-only.
    /// </summary>
    public static async Task<T> ReadArchiveAsync<T>(NotifierSettings settings, Func<IEventArchive, Task<T>> work, CancellationToken stop)
    {
        using var client = ClientFor(settings);
        var remote = new OutboxAdminClient(client);
        if (await remote.IsRunningAsync(stop))
        {
            AddSecret(client, settings);
            return await work(remote);
        }

        _ = ExistingOutbox(settings, NotListening(client.BaseAddress!));
        return await OutboxEngine.ReadArchiveAsync(settings, work);
    }

    /// <summary>
    /// The address for requests on this machine. A wildcard address can't be called, and "localhost" may resolve to ::1 first.
    /// </summary>
    public static Uri LocalAddressOf(Uri url) =>
        url.Host is "0.0.0.0" or "[::]" or "localhost" ? new UriBuilder(url) { Host = "127.0.0.1" }.Uri : url;

    // Without a proxy: the secret must reach only the service.
    private static HttpClient ClientFor(NotifierSettings settings)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        return new HttpClient(handler) { BaseAddress = LocalAddressOf(settings.OperationsUrl), Timeout = Timeout };
    }

    // Only after IsRunningAsync, so that another program that has the port by accident does not get the secret.
    private static void AddSecret(HttpClient client, NotifierSettings settings)
    {
        if (settings.CommandSecret() is not { } secret) return;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret.Reveal());
    }

    private static LocalOutboxAdmin OpenLocal(AccessSettings access, ChatComponents components, string? configFile, string reason)
    {
        var settings = access.Settings;
        var path = ExistingOutbox(settings, reason);
        try
        {
            var outbox = OutboxEngine.OpenForOperator(settings, TimeProvider.System);
            return new LocalOutboxAdmin(
                outbox,
                access,
                components.DestinationTypes,
                new Lazy<PipelineConfiguration?>(() => ReadPipeline(configFile, components)),
                TimeProvider.System);
        }
        catch (OutboxInUseException error)
        {
            throw new OutboxAdminException(
                $"{reason}\nAnother process is using the outbox {path} ({OutboxEngine.SettingOf(settings)}).\n"
                + "If it is the service, check Operations:Url, or pass the service's settings with --config.",
                error);
        }
    }

    // Null when the settings have errors or the templates, which are part of the configuration's version, can't be read: decisions are then
    // shown without reasons.
    private static PipelineConfiguration? ReadPipeline(string? configFile, ChatComponents components)
    {
        try
        {
            var loaded = new SettingsLoader(configFile, components.NewSettingsReader()).Load();
            return ConfigurationFactory.PipelineOf(
                loaded, components.DestinationTypes, PlatformFormats.Formatters, TimeProvider.System, NullLogger<TemplateStore>.Instance);
        }
        catch (Exception error) when (error is TemplateFolderException or SettingsException)
        {
            return null;
        }
    }

    // Opening a missing file would create it.
    private static string ExistingOutbox(NotifierSettings settings, string reason)
    {
        var path = OutboxEngine.NameOf(settings);
        return OutboxEngine.Exists(settings)
            ? path
            : throw new OutboxAdminException(
                $"{reason}\nThere is no outbox {path} ({OutboxEngine.SettingOf(settings)}).\n"
                + "Run this in the service's folder, or pass its settings file with --config.");
    }

    private static string NotListening(Uri address) => $"No service is listening at {address} (Operations:Url).";
}
