using DefectNotifier.Chat;
using DefectNotifier.Console;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Notices;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Ingress;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Operations.Live;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace DefectNotifier.Worker.Hosting;

/// <summary>Composes the service: two listeners, the outbox, and one lane per destination.</summary>
internal static partial class NotifierHost
{
    /// <summary>Bytes above the limit that are still read and dropped, so that the sender receives the 413.</summary>
    private const int ExtraBodyBytes = 16 * 1024 * 1024;

    private const int RequestBufferBytes = 64 * 1024;

    /// <summary>Connections that may be open on the ingress for each request that may be handled at once.</summary>
    private const int ConnectionsPerRequest = 8;

    /// <summary>For operators, health checks and a metrics scraper.</summary>
    private const int OperationsConnections = 256;

    /// <summary>A service with fixed settings; its templates are still reloaded.</summary>
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
        var loaded = load();
        var settings = loaded.Settings;
        var logging = new LiveLogging(loaded);
        // Empty: only the service's own settings apply, and OpenTelemetry's environment variables.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "DefectNotifier" });
        builder.Configuration.AddInMemoryCollection(TelemetrySetup.Variables());
        var time = TimeProvider.System;
        var listeners = new Listeners(
            // Qase opens only a few connections.
            new Listener("ingress", settings.Ingress.Url, settings.Ingress.MaxWaiting * ConnectionsPerRequest, time),
            new Listener("operations", settings.OperationsUrl, OperationsConnections, time));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            // A connection that is not read uses no more memory than this. Larger bodies are read in parts.
            server.Limits.MaxRequestBufferSize = RequestBufferBytes;
            // The ingress enforces MaxBodyBytes with a 413. Kestrel's limit closes the connection, and the sender could lose the
            // response, so it is far above.
            server.Limits.MaxRequestBodySize = settings.Ingress.MaxBodyBytes + ExtraBodyBytes;
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
        // Before anything that can fail, so that the log shows what the service was started with.
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DefectNotifier");
        foreach (var line in StartLines.Of(loaded)) Log.Fact(logger, line);
        var current = app.Services.GetRequiredService<CurrentConfiguration>();
        // Opens the outbox: a start that fails must fail here.
        var endpoint = app.Services.GetRequiredService<WebhookEndpoint>();
        OperationsEndpoints.Map(app);
        var guardLogger = app.Services.GetRequiredService<ILogger<OperationsGuard>>();
        var guard = new OperationsGuard(app.Services.GetRequiredService<AccessCheck>(), guardLogger);
        app.Use(listeners.Ingress.HandleAsync);
        app.Use(listeners.Operations.HandleAsync);
        app.MapWhen(listeners.Ingress.Has, ingress => ingress.Run(endpoint.HandleAsync));
        // After the ingress, which does its own routing.
        app.UseRouting();
        app.Use(guard.InvokeAsync);
        LogWhenStarted(app, logger, current, listeners);
        return app;
    }

    private static void AddLogging(ILoggingBuilder builder, LiveLogging logging)
    {
        // Defaults first, so that the settings can override them. ASP.NET Core would log two lines for each request.
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.AddConfiguration(new ConfigurationBuilder().Add(logging).Build());
        // The command reports a failed start in one sentence, without a stack trace.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // One line per message, with the time in UTC. Before AddConsole, so that Logging:Console:FormatterOptions can override it.
        builder.Services.Configure<SimpleConsoleFormatterOptions>(
            format => (format.TimestampFormat, format.UseUtcTimestamp, format.SingleLine) = ("yyyy-MM-ddTHH:mm:ss.fffZ ", true, true));
        builder.Services.Configure<JsonConsoleFormatterOptions>(
            format => (format.TimestampFormat, format.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true));
        // Logging never waits for the reader of standard output; lines are dropped when it is too slow.
        builder.AddConsole(console =>
        {
            // .NET reads FormatterOptions only when the formatter has a name.
            console.FormatterName ??= ConsoleFormatterNames.Simple;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    private static void AddPipeline(IServiceCollection services, NotifierSettings settings, ChatComponents components)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(components.Inbox);
        services.AddSingleton(components.DestinationTypes);
        services.AddSingleton<NotifierMetrics>();
        services.AddSingleton<ServiceHealth>();
        services.AddSingleton(provider => OutboxEngine.Open(
            settings,
            provider.GetRequiredService<OutboxSignals>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            () => provider.GetRequiredService<CurrentConfiguration>().Value.Version));
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Outbox);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Retention);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().History);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Statistics);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().View);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Silences);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Archive);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Enrichment);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Claims);
        services.AddSingleton(provider => provider.GetRequiredService<OutboxEngine>().Sessions);
        services.AddSingleton<OutboxSignals>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<WebhookEndpoint>();
        foreach (var formatter in PlatformFormats.Formatters) services.AddSingleton(formatter);
        services.AddSingleton<Func<Destination, DeliveryOptions, Lane>>(provider =>
            (destination, options) => ActivatorUtilities.CreateInstance<Lane>(provider, destination, options));
        services.AddSingleton<RateLimiters>();
        services.AddSingleton<NoticeWriter>();
        services.AddSingleton<LaneHost>();
        services.AddHostedService(provider => provider.GetRequiredService<LaneHost>());
        services.AddSingleton<DestinationActivities>();
        services.AddSingleton<StoreWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddHostedService<OverdueWatch>();
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<RestartRule>();
        services.AddHostedService(provider =>
        {
            var (rule, store) = (provider.GetRequiredService<RestartRule>(), provider.GetRequiredService<StoreWatch>());
            var lanes = provider.GetRequiredService<LaneHost>();
            return ActivatorUtilities.CreateInstance<ServiceManagerNotices>(
                provider, (Func<string?>)(() => rule.Check(store.SilentFor, lanes.Steps)));
        });
        services.AddSingleton<QaseHttp>();
        services.AddSingleton<QaseAccountFactory>();
        services.AddSingleton<EnrichmentProgress>();
        services.AddSingleton<Enricher>();
        services.AddHostedService(provider => provider.GetRequiredService<Enricher>());
        services.AddHostedService<OutboxPruner>();
        services.AddSingleton<Readiness>();
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<StatusReader>(provider, provider.GetRequiredService<OutboxEngine>().Name));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<OutboxAdmin>(
                provider,
                (Func<RouteTable?>)(() => provider.GetRequiredService<CurrentConfiguration>().Value.Pipeline.Routes),
                (Func<string, bool>)provider.GetRequiredService<LaneHost>().IsServed));
        services.AddTransient(provider => new DeliverySentences(
            provider.GetRequiredService<StoreWatch>().Lanes,
            provider.GetRequiredService<CurrentConfiguration>().Value.Settings.FindDestination,
            name => provider.GetRequiredService<CurrentConfiguration>().Value.Pipeline.Destinations
                .FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))?.Platform.Word(),
            provider.GetRequiredService<TimeProvider>().GetUtcNow(),
            isRunning: true));
        services.AddSingleton<SilenceAdmin>();
        services.AddSingleton<MessagePreview>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<MessageReader>(
            provider, (Func<MessagePreview?>)provider.GetRequiredService<MessagePreview>));
        services.AddSingleton<ILiveJson, LiveJson>();
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<LiveHub>(
                provider,
                (Func<CancellationToken, Task<ServiceStatus>>)provider.GetRequiredService<StatusReader>().ReadAsync,
                (Func<ConfigurationReport>)(() => ConfigurationReport.Of(
                    provider.GetRequiredService<CurrentConfiguration>().Value, provider.GetRequiredService<Reloader>().State))));
        services.AddHostedService(provider => provider.GetRequiredService<LiveHub>());
        services.AddSingleton<LoginLimit>();
        services.AddSingleton<OperatorLogin>();
        services.AddSingleton<AccessCheck>();
        OpenApiSetup.Add(services);
    }

    private static void AddReloading(IServiceCollection services, LoadedSettings first, Func<LoadedSettings> load, LiveLogging logging)
    {
        services.AddSingleton(load);
        services.AddSingleton(logging);
        services.AddSingleton(_ => new RenderJournal(first.Settings.OutboxPath + ".rendering"));
        services.AddSingleton<ConfigurationFactory>();
        services.AddSingleton(provider =>
            new CurrentConfiguration(provider.GetRequiredService<ConfigurationFactory>().Create(first, before: null)));
        AddCurrent(services, configuration => configuration.Pipeline);
        AddCurrent(services, configuration => configuration.Settings);
        AddCurrent(services, configuration => configuration.OperatorSecrets);
        AddCurrent(services, configuration => configuration.Settings.Retention);
        AddCurrent(services, configuration => configuration.Pipeline.Accounts);
        AddCurrent(services, configuration => configuration.Pipeline.Routes);
        services.AddSingleton<Reloader>();
        services.AddSingleton<TemplateWarnings>();
        services.AddHostedService<ReloadWatch>();
    }

    // What the pipeline reads of the configuration, always from the active one.
    private static void AddCurrent<T>(IServiceCollection services, Func<NotifierConfiguration, T> select)
    {
        services.AddSingleton<Func<T>>(provider =>
        {
            var current = provider.GetRequiredService<CurrentConfiguration>();
            return () => select(current.Value);
        });
    }

    private static void LogWhenStarted(WebApplication app, ILogger logger, CurrentConfiguration current, Listeners listeners)
    {
        var (settings, version) = (current.Value.Settings, current.Value.Version);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var ingress = new Uri(listeners.Ingress.Url, settings.Ingress.Path);
            Log.Started(logger, ingress, listeners.Operations.Url, version);
            if (settings.Ingress.IsOpen) Log.NoSecret(logger);
            if (settings.IsOperatorSecretMissing()) Log.NoOperatorSecret(logger, listeners.Operations.Url);
            else if (settings.IsConsoleEnabled)
            {
                var console = new Uri(settings.OperationsPublicUrl ?? listeners.Operations.Url, ConsolePages.Root);
                Log.Console(logger, console, StartLines.LoginOf(settings));
            }
        });
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "Listening for webhooks at {Ingress} and for operators at {Operations}; configuration {Version}")]
        public static partial void Started(ILogger logger, Uri ingress, Uri operations, string version);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "Ingress:Secrets is empty: anyone on this machine can send webhooks. Set a secret before a proxy forwards requests here.")]
        public static partial void NoSecret(ILogger logger);

        [LoggerMessage(
            3,
            LogLevel.Warning,
            "Operations:Secrets is empty, and others can reach {Operations}: the console and the commands are refused, and only /health "
            + "and /metrics respond there. Set Operations:Secrets to a random text (openssl rand -hex 32).")]
        public static partial void NoOperatorSecret(ILogger logger, Uri operations);

        [LoggerMessage(4, LogLevel.Information, "{Fact}")]
        public static partial void Fact(ILogger logger, string fact);

        [LoggerMessage(5, LogLevel.Information, "Console: {Address}{Login}")]
        public static partial void Console(ILogger logger, Uri address, string login);
    }
}
