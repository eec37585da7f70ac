using System.Collections;
using System.Diagnostics.Metrics;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DefectNotifier.Worker.Hosting;

/// <summary>Always serves metrics for Prometheus; sends traces and metrics over OTLP when an endpoint is configured.</summary>
internal static class TelemetrySetup
{
    /// <summary>
    /// OpenTelemetry's environment variables, such as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>.
    /// </summary>
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
            metrics.AddView(instrument => new MetricStreamConfiguration { CardinalityLimit = MaxSeriesOf(instrument, settings) });
            // No caching: a cached response would lack what happened since the last scrape.
            metrics.AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
            if (settings.OtlpEndpoint is { } endpoint) metrics.AddOtlpExporter(exporter => exporter.Endpoint = endpoint);
        });
        if (settings.OtlpEndpoint is not { } traces) return;
        telemetry.WithTracing(tracing => tracing
            .AddSource(NotifierTracing.SourceName)
            // Not AddHttpClientInstrumentation: it would write webhook URLs, which are secrets, into spans.
            .AddAspNetCoreInstrumentation(requests => requests.Filter = listeners.Ingress.Has)
            .AddOtlpExporter(exporter => exporter.Endpoint = traces));
    }

    // OpenTelemetry allocates memory for this many series per instrument at the start. Its default of 2,000 would use more memory than
    // the rest of the idle service, and would be too few for a thousand destinations.
    private static int MaxSeriesOf(Instrument instrument, NotifierSettings settings) => instrument.Name switch
    {
        // Event names times outcomes.
        NotifierMetrics.EventsName => 10 * (EventNames.Known.Count + 1),
        // Destinations times a few outcomes and reasons.
        NotifierMetrics.DeliveriesName => 100 + (20 * settings.Destinations.Count),
        // Users choose the names of template sets.
        NotifierMetrics.TemplateErrorsName => 500,
        // At most one per destination, and spare ones for destinations that a reload adds.
        _ => 100 + (instrument.Meter.Name == NotifierMetrics.MeterName ? 2 * settings.Destinations.Count : 0),
    };
}
