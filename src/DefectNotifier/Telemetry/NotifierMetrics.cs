using System.Diagnostics.Metrics;

namespace DefectNotifier.Telemetry;

/// <summary>
/// The metrics of the service. Every label value comes from a closed list or from the configuration, so senders cannot increase the number
/// of series.
/// </summary>
public sealed class NotifierMetrics : IDisposable
{
    public const string MeterName = "DefectNotifier";
    public const string EventsName = "defectnotifier.events";
    public const string DeliveriesName = "defectnotifier.deliveries";
    public const string TemplateErrorsName = "defectnotifier.template_errors";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _templateErrors;
    private readonly Counter<long> _pruned;
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _qaseRequests;
    private readonly Histogram<double> _age;

    public NotifierMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _events = _meter.CreateCounter<long>(EventsName, description: "Webhooks received, by event name and outcome.");
        _deliveries = _meter.CreateCounter<long>(DeliveriesName, description: "Attempts to send, by destination, outcome and reason.");
        _templateErrors = _meter.CreateCounter<long>(
            TemplateErrorsName,
            description: "Renderings that used the default message because the template failed, by template.");
        _pruned = _meter.CreateCounter<long>(
            "defectnotifier.pruned",
            description: "Events deleted from the outbox because they were expired or it was too large.");
        _reloads = _meter.CreateCounter<long>(
            "defectnotifier.reloads",
            description: "Reloads of changed settings or templates, by outcome: applied or rejected.");
        _qaseRequests = _meter.CreateCounter<long>("defectnotifier.qase.requests", description: "Requests to Qase's API, by outcome.");
        _age = _meter.CreateHistogram(
            "defectnotifier.delivery.age",
            unit: "s",
            description: "Time from the acceptance of an event to its delivery, by destination.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400],
            });
    }

    /// <summary>Counts one webhook. Outcomes: accepted, duplicate, unrouted, rejected, busy, unavailable.</summary>
    public void CountEvent(string eventName, string outcome) =>
        _events.Add(1, new("event", EventNames.Bounded(eventName)), new KeyValuePair<string, object?>("outcome", outcome));

    public void CountDelivery(string destination, string outcome, string reason) =>
        _deliveries.Add(1, new("destination", destination), new("outcome", outcome), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Counts deliveries that became part of a digest.</summary>
    public void CountDigested(string destination, int count) =>
        _deliveries.Add(
            count, new("destination", destination), new("outcome", "digested"), new KeyValuePair<string, object?>("reason", "storm"));

    public void CountTemplateError(string template) => _templateErrors.Add(1, new KeyValuePair<string, object?>("template", template));

    public void CountPruned(int events) => _pruned.Add(events);

    /// <summary>Counts one reload. Outcomes: applied, rejected.</summary>
    public void CountReload(string outcome) => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>
    /// Counts one request to Qase's API. Outcomes: ok, not-found, rejected, refused, rate-limited, failed, unreachable, timeout,
    /// unexpected.
    /// </summary>
    public void CountQaseRequest(string outcome) => _qaseRequests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void RecordAge(string destination, TimeSpan age) =>
        _age.Record(age.TotalSeconds, new KeyValuePair<string, object?>("destination", destination));

    /// <summary>Registers gauges of lanes. The observers are called at each scrape and must be fast.</summary>
    public void ObserveLanes(
        Func<IEnumerable<Measurement<double>>> waiting,
        Func<IEnumerable<Measurement<double>>> oldestAge,
        Func<IEnumerable<Measurement<int>>> parked)
    {
        _meter.CreateObservableGauge(
            "defectnotifier.parked",
            parked,
            description: "1 while a destination is parked until its settings are fixed, else 0.");
        _meter.CreateObservableGauge(
            "defectnotifier.waiting",
            waiting,
            description: "Waiting deliveries, by destination; NaN while the outbox cannot be read.");
        _meter.CreateObservableGauge(
            "defectnotifier.waiting.oldest_age",
            oldestAge,
            unit: "s",
            description: "Age of the oldest waiting delivery, by destination; 0 when there is none, NaN while the outbox cannot be read.");
    }

    /// <summary>Registers gauges of deferred deliveries. The observers are called at each scrape and must be fast.</summary>
    public void ObserveDeferred(Func<IEnumerable<Measurement<double>>> deferred, Func<IEnumerable<Measurement<double>>> dueIn)
    {
        _meter.CreateObservableGauge(
            "defectnotifier.deferred",
            deferred,
            description: "Deliveries that quiet hours or a silence defer, by destination; NaN while the outbox cannot be read.");
        _meter.CreateObservableGauge(
            "defectnotifier.deferred.due_in",
            dueIn,
            unit: "s",
            description: "Time until the first deferred delivery is due, by destination; NaN when there is none.");
    }

    /// <summary>Registers a gauge of readiness. The observer is called at each scrape and must be fast.</summary>
    public void ObserveReady(Func<bool> isReady) => _meter.CreateObservableGauge(
        "defectnotifier.ready",
        () => isReady() ? 1 : 0,
        description: "1 while events can be stored and delivered, 0 while /health/ready is 503.");

    /// <summary>Registers a gauge of configuration errors. The observer is called at each scrape and must be fast.</summary>
    public void ObserveConfiguration(Func<bool> hasErrors) =>
        _meter.CreateObservableGauge(
            "defectnotifier.configuration.faulty",
            () => hasErrors() ? 1 : 0,
            description: "1 while the settings or templates have errors, so that an earlier version stays active, else 0.");

    /// <summary>Registers gauges of enrichment. The observers are called at each scrape and must be fast.</summary>
    public void ObserveQase(Func<double> waiting, Func<int> stopped)
    {
        _meter.CreateObservableGauge(
            "defectnotifier.qase.waiting",
            waiting,
            description: "Pending requests to Qase's API for names and details of defects; NaN while the outbox cannot be read.");
        _meter.CreateObservableGauge(
            "defectnotifier.qase.stopped",
            stopped,
            description: "Qase accounts that are stopped because the API rejects their token.");
    }

    public void Dispose() => _meter.Dispose();
}
