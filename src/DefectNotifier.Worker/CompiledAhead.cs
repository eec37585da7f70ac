using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Delivery;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker.Ingress;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Reloading;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace DefectNotifier.Worker;

/// <summary>
/// The generic services that a start asks for. Dependency injection puts their types together by reflection, which the compiler of the executable does not see: those that are named here it compiles
/// ahead; any other is built in memory at each start, for a fifth of a millisecond.
/// </summary>
internal static class CompiledAhead
{
    /// <summary>To ask for it at a start is what keeps them.</summary>
    public static IReadOnlyList<Type> Types =>
    [
        .. Options<ConsoleFormatterOptions>(),
        .. Options<ConsoleLifetimeOptions>(),
        .. Options<ConsoleLoggerOptions>(),
        .. Options<FormOptions>(),
        .. Options<HostOptions>(),
        .. Options<Microsoft.AspNetCore.Http.Json.JsonOptions>(),
        .. Options<JsonConsoleFormatterOptions>(),
        .. Options<KestrelServerOptions>(),
        .. Options<LoggerFactoryOptions>(),
        .. Options<LoggerFilterOptions>(),
        .. Options<MetricsOptions>(),
        .. Options<OpenApiOptions>(),
        .. Options<PrometheusAspNetCoreOptions>(),
        .. Options<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(),
        .. Options<Microsoft.AspNetCore.Routing.RouteOptions>(),
        .. Options<SimpleConsoleFormatterOptions>(),
        .. Options<SocketTransportOptions>(),
        .. Logger<OutboxAdmin>(),
        .. Logger<Enricher>(),
        .. Logger<Lane>(),
        .. Logger<LaneHost>(),
        .. Logger<OperationsGuard>(),
        .. Logger<OutboxPruner>(),
        .. Logger<OverdueWatch>(),
        .. Logger<Reloader>(),
        .. Logger<ReloadWatch>(),
        .. Logger<SqliteOutbox>(),
        .. Logger<TemplateWarnings>(),
        .. Logger<TemplateStore>(),
        .. Logger<WebhookEndpoint>(),
    ];

    private static Type[] Options<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>()
        where TOptions : class =>
    [
        typeof(IOptions<TOptions>),
        typeof(IOptionsFactory<TOptions>),
        typeof(OptionsFactory<TOptions>),
        typeof(IOptionsMonitor<TOptions>),
        typeof(OptionsMonitor<TOptions>),
        typeof(IOptionsMonitorCache<TOptions>),
        typeof(OptionsCache<TOptions>),
        typeof(ConfigureNamedOptions<TOptions>),
        .. Many<IConfigureOptions<TOptions>>(),
        .. Many<IPostConfigureOptions<TOptions>>(),
        .. Many<IValidateOptions<TOptions>>(),
        .. Many<IOptionsChangeTokenSource<TOptions>>(),
    ];

    private static Type[] Many<TService>() => [typeof(TService), typeof(IEnumerable<TService>), typeof(TService[])];

    private static Type[] Logger<TCategory>() => [typeof(ILogger<TCategory>), typeof(Logger<TCategory>)];
}
