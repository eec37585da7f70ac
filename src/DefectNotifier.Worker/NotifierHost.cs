using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Sqlite;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Ingress;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker;

/// <summary>Puts the parts together: two listeners, the outbox, one lane a destination.</summary>
internal static partial class NotifierHost
{
    /// <summary>So much more than is accepted is still read, and dropped, so that a sender hears that it was too large.</summary>
    private const int RoomForRefused = 16 * 1024 * 1024;

    /// <summary>One whose settings stay as they are; its templates may change.</summary>
    public static WebApplication Build(NotifierSettings settings, ChatComponents components, IConfigurationSection logging)
    {
        var loaded = LoadedSettings.Of(settings, logging);
        return Build(() => loaded, components);
    }

    /// <param name="load">Reads the settings, now and for each reload.</param>
    /// <param name="components">What the destination types share.</param>
    /// <exception cref="SettingsException">The settings have errors.</exception>
    public static WebApplication Build(Func<LoadedSettings> load, ChatComponents components)
    {
        // Nothing of the settings is in it yet: it is made while they are read. Empty, because only our own settings count; OpenTelemetry's variables are its own affair.
        var making = Task.Run(() => WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "DefectNotifier" }));
        var loaded = load();
        var settings = loaded.Settings;
        GC.KeepAlive(CompiledAhead.Types);
        var logging = new LiveLogging(loaded);
        var builder = making.GetAwaiter().GetResult();
        builder.Configuration.AddInMemoryCollection(TelemetrySetup.Variables());
        var listeners = new Listeners(new Listener(settings.Ingress.Url), new Listener(settings.OperationsUrl));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            // Idle connections cost memory too; Qase opens a few.
            server.Limits.MaxConcurrentConnections = settings.Ingress.MaxWaiting * 8L;
            // Our own limit answers with problem details. Kestrel's closes the connection, which can cost the sender that answer: it is a wall far behind.
            server.Limits.MaxRequestBodySize = settings.Ingress.MaxBodyBytes + RoomForRefused;
            listeners.Ingress.Open(server);
            listeners.Operations.Open(server);
        });
        builder.Services.AddRoutingCore();
        AddLogging(builder.Logging, logging);
        AddPipeline(builder.Services, settings, components);
        AddReloading(builder.Services, loaded, load, logging);
        builder.Services.AddSingleton(listeners);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Delivery.StopWithin);
        TelemetrySetup.Add(builder, settings, listeners);

        var app = builder.Build();
        // The outbox waits for the disk when it is opened; meanwhile the rest is made.
        var opening = Task.Run(app.Services.GetRequiredService<SqliteOutbox>);
        var current = app.Services.GetRequiredService<CurrentConfiguration>();
        OperationsEndpoints.Map(app);
        var guard = new OperationsGuard(() => current.Value.Settings, listeners, app.Services.GetRequiredService<ILogger<OperationsGuard>>());
        opening.GetAwaiter().GetResult();
        var endpoint = app.Services.GetRequiredService<WebhookEndpoint>();
        app.MapWhen(listeners.Ingress.Has, ingress => ingress.Run(endpoint.HandleAsync));
        // Behind it: the ingress has one path, and reads it itself.
        app.UseRouting();
        app.Use(guard.InvokeAsync);
        TellWhenStarted(app, current, listeners);
        return app;
    }

    private static void AddLogging(ILoggingBuilder builder, LiveLogging logging)
    {
        // The defaults come first: the settings may say otherwise. Each request would be two lines; a change of outcome is what an operator wants to read.
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.AddConfiguration(new ConfigurationBuilder().Add(logging).Build());
        // A start that fails is told in words by the command, without the trace.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.AddConsole();
    }

    private static void AddPipeline(IServiceCollection services, NotifierSettings settings, ChatComponents components)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(components);
        services.AddSingleton(components.Inbox);
        services.AddSingleton<NotifierMetrics>();
        services.AddSingleton(provider => SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = settings.OutboxPath, MinFreeBytes = settings.OutboxMinFreeBytes }, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteOutbox>>()));
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IOutboxRetention>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IOutboxHistory>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IEventArchive>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IEnrichmentStore>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<LaneSignals>();
        services.AddSingleton<EnrichmentSignal>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<IMessageFormatter, SlackMessageFormatter>();
        services.AddSingleton<IMessageFormatter, TeamsMessageFormatter>();
        services.AddSingleton<Func<Destination, DeliveryOptions, Lane>>(provider => (destination, options) => ActivatorUtilities.CreateInstance<Lane>(provider, destination, options));
        services.AddSingleton<RateLimiters>();
        services.AddSingleton<NoticeWriter>();
        services.AddSingleton<LaneHost>();
        services.AddHostedService(provider => provider.GetRequiredService<LaneHost>());
        services.AddHostedService<OverdueWatch>();
        services.AddSingleton<QaseHttp>();
        services.AddSingleton<QaseAccountFactory>();
        services.AddSingleton<Enricher>();
        services.AddHostedService(provider => provider.GetRequiredService<Enricher>());
        services.AddHostedService<OutboxPruner>();
        services.AddSingleton<Readiness>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxAdmin>(
            provider,
            (Func<RouteTable?>)(() => provider.GetRequiredService<CurrentConfiguration>().Value.Pipeline.Routes),
            (Func<string, bool>)provider.GetRequiredService<LaneHost>().IsServed));
        OpenApiSetup.Add(services);
    }

    private static void AddReloading(IServiceCollection services, LoadedSettings first, Func<LoadedSettings> load, LiveLogging logging)
    {
        services.AddSingleton(load);
        services.AddSingleton(logging);
        services.AddSingleton<ConfigurationFactory>();
        services.AddSingleton(provider => new CurrentConfiguration(provider.GetRequiredService<ConfigurationFactory>().Create(first, before: null)));
        services.AddSingleton<Func<PipelineConfiguration>>(provider =>
        {
            var current = provider.GetRequiredService<CurrentConfiguration>();
            return () => current.Value.Pipeline;
        });
        services.AddSingleton<Func<RetentionOptions>>(provider =>
        {
            var current = provider.GetRequiredService<CurrentConfiguration>();
            return () => current.Value.Settings.Retention;
        });
        services.AddSingleton<Func<QaseAccounts>>(provider =>
        {
            var current = provider.GetRequiredService<CurrentConfiguration>();
            return () => current.Value.Pipeline.Accounts;
        });
        services.AddSingleton<Reloader>();
        services.AddSingleton<TemplateWarnings>();
        services.AddHostedService<ReloadWatch>();
    }

    private static void TellWhenStarted(WebApplication app, CurrentConfiguration current, Listeners listeners)
    {
        var (settings, version) = (current.Value.Settings, current.Value.Version);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DefectNotifier");
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            Log.Started(logger, new Uri(listeners.Ingress.Url, settings.Ingress.Path), listeners.Operations.Url, settings.Destinations.Count, settings.Routes.Count, version);
            if (settings.Ingress.Secrets.Count == 0) Log.NoSecret(logger);
            if (settings.OperationsSecrets.Count == 0 && !settings.OperationsUrl.IsLoopback) Log.OpenToRead(logger, listeners.Operations.Url);
        });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Webhooks are taken at {Ingress}, operations at {Operations}; {Destinations} destinations, {Routes} routes, configuration {Version}")]
        public static partial void Started(ILogger logger, Uri ingress, Uri operations, int destinations, int routes, string version);

        [LoggerMessage(2, LogLevel.Warning, "No secret is configured: whoever is on this machine can send webhooks. Beyond loopback the service would not start without one.")]
        public static partial void NoSecret(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "No Operations:Secrets are configured: whoever reaches {Operations} can read the messages, though change nothing")]
        public static partial void OpenToRead(ILogger logger, Uri operations);
    }
}
