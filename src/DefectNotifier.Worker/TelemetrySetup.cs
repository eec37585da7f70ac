using System.Collections;
using System.Diagnostics.Metrics;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DefectNotifier.Worker;

/// <summary>Metrics for Prometheus always; traces and metrics over OTLP when an endpoint is configured.</summary>
internal static class TelemetrySetup
{
    /// <summary>The standard variables (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, ...), as OpenTelemetry's libraries look for them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith("OTEL_", StringComparison.Ordinal)
        select KeyValuePair.Create(name, (string?)variable.Value);

    public static void Add(WebApplicationBuilder builder, NotifierSettings settings, Listeners listeners)
    {
        var telemetry = builder.Services.AddOpenTelemetry();
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(NotifierMetrics.MeterName).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation();
            metrics.AddView(instrument => new MetricStreamConfiguration { CardinalityLimit = SeriesOf(instrument, settings) });
            // A cached answer would hide what happened since the last scrape; scrapes are rare and cheap.
            metrics.AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
            if (settings.OtlpEndpoint is { } endpoint) metrics.AddOtlpExporter(exporter => exporter.Endpoint = endpoint);
        });
        if (settings.OtlpEndpoint is not { } traces) return;
        telemetry.WithTracing(tracing => tracing
            .AddSource(NotifierTracing.SourceName)
            // No instrumentation of HttpClient: it would write webhook URLs, which are secrets, into the spans.
            .AddAspNetCoreInstrumentation(requests => requests.Filter = listeners.Ingress.Has)
            .AddOtlpExporter(exporter => exporter.Endpoint = traces));
    }

    // Room for so many series is kept from the start. The library's 2,000 for each instrument would take more memory than all else at rest, and be too few for a thousand destinations.
    private static int SeriesOf(Instrument instrument, NotifierSettings settings) => instrument.Name switch
    {
        // Each name with each outcome.
        NotifierMetrics.EventsName => 10 * (EventNames.Known.Count + 1),
        // A few outcomes and reasons for each destination.
        NotifierMetrics.DeliveriesName => 100 + (20 * settings.Destinations.Count),
        // Sets of templates are anybody's.
        NotifierMetrics.TemplateErrorsName => 500,
        // One for each destination at most, and some that come with a reload.
        _ => 100 + (instrument.Meter.Name == NotifierMetrics.MeterName ? 2 * settings.Destinations.Count : 0),
    };
}
