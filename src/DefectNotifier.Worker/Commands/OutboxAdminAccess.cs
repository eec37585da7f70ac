using System.Net.Http.Headers;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands;

/// <summary>Finds the way to the outbox for a command: through the service when it runs, else to the file.</summary>
internal static class OutboxAdminAccess
{
    /// <summary>More than any one request takes; a thousand changes take a second or two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Runs a command's work; whatever keeps it from its work becomes words on standard error and an exit code.</summary>
    public static Task<int> RunAsync(string? configFile, Func<IOutboxAdmin, Task<int>> work, CancellationToken stop) => StartErrors.TellAsync(async () =>
    {
        var settings = CommandSettings.Read(configFile);
        try
        {
            using var client = ClientFor(settings);
            var remote = new OutboxAdminClient(client);
            if (await remote.AnswersAsync(stop))
            {
                Introduce(client, settings);
                return await work(remote);
            }

            await using var local = OpenLocal(settings, configFile, client.BaseAddress!);
            return await work(local);
        }
        catch (Exception error) when (error is OutboxAdminException or HttpRequestException or OutboxOpenException or OutboxUnavailableException)
        {
            Terminal.WriteError(error.Message);
            return ExitCodes.Failed;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            Terminal.WriteError($"The service did not response within {Patience.TotalSeconds:0} s.");
            return ExitCodes.Failed;
        }
    });

    /// <summary>Finds the stored events: through the service when it runs, else in the file, which is opened for reading only.</summary>
    public static async Task<T> ReadArchiveAsync<T>(NotifierSettings settings, Func<IEventArchive, Task<T>> work, CancellationToken stop)
    {
        using var client = ClientFor(settings);
        var remote = new OutboxAdminClient(client);
        if (await remote.AnswersAsync(stop))
        {
            Introduce(client, settings);
            return await work(remote);
        }

        var path = Path.GetFullPath(settings.OutboxPath);
        if (!File.Exists(path)) throw new OutboxAdminException($"Nobody responses at {client.BaseAddress} (Operations:Url), and there is no outbox {path} (Outbox:Path).");
        await using var archive = SqliteEventArchive.Open(path);
        return await work(archive);
    }

    private static HttpClient ClientFor(NotifierSettings settings)
    {
        // No proxy: the secret is for the service alone.
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Reachable(settings.OperationsUrl), Timeout = Patience };
    }

    // Only once it is known who answers: the probe goes without.
    private static void Introduce(HttpClient client, NotifierSettings settings)
    {
        if (settings.OperationsSecrets is [var secret, ..]) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret.Reveal());
    }

    /// <summary>Where a listener is found on this machine: one on every address, or by a name that may lead to ::1 first, where another could listen.</summary>
    public static Uri Reachable(Uri url) => url.Host is "0.0.0.0" or "[::]" or "localhost" ? new UriBuilder(url) { Host = "127.0.0.1" }.Uri : url;

    private static LocalOutboxAdmin OpenLocal(NotifierSettings settings, string? configFile, Uri asked)
    {
        var path = Path.GetFullPath(settings.OutboxPath);
        // Opening would make one.
        if (!File.Exists(path)) throw new OutboxAdminException($"Nobody responses at {asked} (Operations:Url), and there is no outbox {path} (Outbox:Path).");
        try
        {
            var outbox = SqliteOutbox.Open(new SqliteOutboxOptions { Path = path, MinFreeBytes = settings.OutboxMinFreeBytes }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
            return new LocalOutboxAdmin(outbox, settings, () => ReadRoutes(configFile), TimeProvider.System);
        }
        catch (OutboxInUseException error)
        {
            throw new OutboxAdminException(
                $"Nobody responses at {asked} (Operations:Url), but another process holds the outbox {path} (Outbox:Path). Is the service running with another address? Give the command the settings that it runs with.",
                error);
        }
    }

    // Null when the templates, which are part of the configuration's version, can't be read: then decisions are shown without reasons.
    private static RouteTable? ReadRoutes(string? configFile)
    {
        using var components = new ChatComponents(TimeProvider.System);
        try
        {
            return ConfigurationFactory.RoutesOf(new SettingsLoader(configFile, components.DestinationTypes).Load(), NullLogger<TemplateStore>.Instance);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
