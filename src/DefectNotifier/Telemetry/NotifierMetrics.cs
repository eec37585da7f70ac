using System.Diagnostics.Metrics;

namespace DefectNotifier.Telemetry;

/// <summary>
/// The product's instruments. They answer: how many, how late, how many wait, how old is the oldest, why dead. Every label comes from a closed
/// list or from the configuration, so no sender can make the number of series grow.
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
        _deliveries = _meter.CreateCounter<long>(DeliveriesName, description: "Sends, by destination, outcome and reason.");
        _templateErrors = _meter.CreateCounter<long>(TemplateErrorsName, description: "Renderings in which the plain message stood in for a template, by template.");
        _pruned = _meter.CreateCounter<long>("defectnotifier.pruned", description: "Events deleted from the outbox because they ended long ago or it was too large.");
        _reloads = _meter.CreateCounter<long>("defectnotifier.reloads", description: "Reloads of changed settings or templates, by outcome: applied or refused.");
        _qaseRequests = _meter.CreateCounter<long>("defectnotifier.qase.requests", description: "Questions to Qase's API, by outcome.");
        _age = _meter.CreateHistogram(
            "defectnotifier.delivery.age",
            unit: "s",
            description: "From the acceptance of an event to its delivery, by destination.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400] });
    }

    /// <summary>Counts one webhook. Outcomes: accepted, duplicate, unrouted, refused, busy, unavailable.</summary>
    public void CountEvent(string eventName, string outcome) =>
        _events.Add(1, new KeyValuePair<string, object?>("event", EventNames.Bounded(eventName)), new KeyValuePair<string, object?>("outcome", outcome));

    public void CountDelivery(string destination, string outcome, string reason) =>
        _deliveries.Add(1, new("destination", destination), new("outcome", outcome), new KeyValuePair<string, object?>("reason", reason));

    public void CountTemplateError(string template) => _templateErrors.Add(1, new KeyValuePair<string, object?>("template", template));

    public void CountPruned(int events) => _pruned.Add(events);

    /// <summary>Counts one reload. Outcomes: applied, refused.</summary>
    public void CountReload(string outcome) => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts one question to Qase's API. Outcomes: ok, not-found, rejected, refused, rate-limited, failed, unreachable, timeout, unexpected.</summary>
    public void CountQaseRequest(string outcome) => _qaseRequests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void RecordAge(string destination, TimeSpan age) => _age.Record(age.TotalSeconds, new KeyValuePair<string, object?>("destination", destination));

    /// <summary>Shows what waits; the observers are asked at each scrape and must be quick.</summary>
    public void ObserveLanes(Func<IEnumerable<Measurement<long>>> waiting, Func<IEnumerable<Measurement<double>>> oldestAge, Func<IEnumerable<Measurement<int>>> parked)
    {
        _meter.CreateObservableGauge("defectnotifier.parked", parked, description: "1 while a destination is parked because of its settings, else 0.");
        _meter.CreateObservableGauge("defectnotifier.waiting", waiting, description: "Deliveries that wait, by destination.");
        _meter.CreateObservableGauge("defectnotifier.waiting.oldest_age", oldestAge, unit: "s", description: "Age of the oldest delivery that waits, by destination; 0 when none does.");
    }

    /// <summary>Shows whether the files say something that is not in force; the observer is asked at each scrape and must be quick.</summary>
    public void ObserveConfiguration(Func<bool> hasErrors) =>
        _meter.CreateObservableGauge(
            "defectnotifier.configuration.faulty", () => hasErrors() ? 1 : 0, description: "1 while the settings or templates have errors, so that an earlier version stays in force, else 0.");

    /// <summary>Shows what Qase's API is still to tell, and how many of its accounts refuse their token; the observers are asked at each scrape and must be quick.</summary>
    public void ObserveQase(Func<long> waiting, Func<int> stopped)
    {
        _meter.CreateObservableGauge("defectnotifier.qase.waiting", waiting, description: "Names and details of defects that Qase's API is still to be asked for.");
        _meter.CreateObservableGauge("defectnotifier.qase.stopped", stopped, description: "Accounts that are not asked any more because Qase's API refuses their token.");
    }

    public void Dispose() => _meter.Dispose();
}
