using Microsoft.Extensions.Logging;

namespace DefectNotifier.Telemetry;

/// <summary>
/// What does not work now. The parts of the service report the results of their real work here: <see cref="Fails"/> and
/// <see cref="Works"/>. The beginning and the end of a failure are logged once, not each attempt, and /health/ready shows what fails. May
/// be called from any thread.
/// </summary>
public sealed partial class ServiceHealth(TimeProvider time, ILogger<ServiceHealth> logger)
{
    /// <summary>A part that alternates between failure and success is logged at most this often.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<HealthPart, Failures> _failing = [];
    private readonly Dictionary<HealthPart, long> _loggedAt = [];

    // Read without the lock: successes are reported far more often than failures.
    private volatile IReadOnlyList<HealthProblem> _problems = [];

    /// <summary>One for each part that fails.</summary>
    public IReadOnlyList<HealthProblem> Problems => _problems;

    /// <summary>The last work of a part failed.</summary>
    /// <param name="part">The part.</param>
    /// <param name="detail">Why, without any path or secret.</param>
    /// <param name="subject">Whose work it was, in a part that works for several; the part works again only when all of them do.</param>
    public void Fails(HealthPart part, string detail, string subject = "")
    {
        lock (_lock)
        {
            var isFirst = !_failing.TryGetValue(part, out var failures);
            if (failures is null) _failing[part] = failures = new Failures(time.GetUtcNow(), time.GetTimestamp());
            if (failures.Details.GetValueOrDefault(subject) == detail) return;
            failures.Details[subject] = detail;
            _problems = [.. _failing.Select(one => one.Value.Of(one.Key))];
            if (!isFirst || (_loggedAt.TryGetValue(part, out var last) && time.GetElapsedTime(last) < LogInterval)) return;
            _loggedAt[part] = failures.Began;
            failures.IsLogged = true;
        }

        var name = subject.Length == 0 ? part.Name : $"{part.Name} ({subject})";
        Log.Failing(logger, part.IsVital ? LogLevel.Error : LogLevel.Warning, name, detail, part.Effect);
    }

    /// <summary>The last work of a part succeeded.</summary>
    public void Works(HealthPart part, string subject = "")
    {
        if (_problems.Count == 0) return;
        Failures? failures;
        string? detail;
        lock (_lock)
        {
            if (!_failing.TryGetValue(part, out failures) || !failures.Details.Remove(subject, out detail)) return;
            if (failures.Details.Count == 0) _failing.Remove(part);
            _problems = [.. _failing.Select(one => one.Value.Of(one.Key))];
            if (failures.Details.Count > 0 || !failures.IsLogged) return;
        }

        Log.WorksAgain(logger, part.Name, time.GetElapsedTime(failures.Began), detail);
    }

    /// <summary>The work has moved to another node, or is not needed any more: its failure is no longer reported here.</summary>
    public void Forget(HealthPart part, string subject = "")
    {
        lock (_lock)
        {
            if (!_failing.TryGetValue(part, out var failures) || !failures.Details.Remove(subject)) return;
            if (failures.Details.Count == 0) _failing.Remove(part);
            _problems = [.. _failing.Select(one => one.Value.Of(one.Key))];
        }
    }

    /// <summary>The failures of one part.</summary>
    private sealed class Failures(DateTimeOffset since, long began)
    {
        public long Began { get; } = began;

        public bool IsLogged { get; set; }

        public Dictionary<string, string> Details { get; } = new(StringComparer.OrdinalIgnoreCase);

        public HealthProblem Of(HealthPart part)
        {
            var (subject, detail) = Details.First();
            var text = subject.Length == 0 ? detail : $"{subject}: {detail}";
            return new HealthProblem(part.Name, Details.Count > 1 ? $"{text} (and {Details.Count - 1} more)" : text, since, part.IsVital);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 50, Message = "{Part} does not work: {Detail}. {Effect}. This is logged once until it works again")]
        public static partial void Failing(ILogger logger, LogLevel level, string part, string detail, string effect);

        [LoggerMessage(51, LogLevel.Information, "{Part} works again after {Duration}; it failed with: {Detail}")]
        public static partial void WorksAgain(ILogger logger, string part, TimeSpan duration, string detail);
    }
}

/// <summary>A part of the service that can fail while the process runs. A new reason for not being ready is one line here.</summary>
/// <param name="Name">Its name in /health/ready, the log and the metrics.</param>
/// <param name="IsVital">True: while it fails, /health/ready is 503. False: the service is only <c>degraded</c>.</param>
/// <param name="Effect">What a failure means, as a sentence without the final period.</param>
public sealed record HealthPart(string Name, bool IsVital, string Effect)
{
    /// <summary>The checks of the store that <c>StoreWatch</c> makes.</summary>
    public static readonly HealthPart Store = new("store", IsVital: true, "Webhooks may be answered with 503, and deliveries may wait");

    /// <summary>Events are stored.</summary>
    public static readonly HealthPart Intake = new("intake", IsVital: true, "Webhooks are answered with 503, so that they are sent again");

    /// <summary>Lanes read their deliveries and record their outcomes. The subjects are destinations.</summary>
    public static readonly HealthPart Delivery = new(
        "delivery", IsVital: true, "Nothing is lost: deliveries wait, and each affected destination tries again every second");

    /// <summary>A listener has room for more connections. The subjects are the listeners.</summary>
    public static readonly HealthPart Connections = new(
        "connections",
        IsVital: false,
        "For each new connection the one that has been idle for the longest time is closed, or the new one is refused when none is idle. "
        + "Find the client that opens so many connections");

    /// <summary>Fallbacks are notified about overdue deliveries.</summary>
    public static readonly HealthPart Overdue = new("overdue", IsVital: false, "Fallbacks are not notified about overdue deliveries");

    /// <summary>No problem with the nodes that share the outbox is known.</summary>
    public static readonly HealthPart Nodes = new("nodes", IsVital: false, "Events are still accepted, and sent by the nodes that work");

    /// <summary>Requests to Qase's API are read and their results are stored.</summary>
    public static readonly HealthPart Enrichment = new("enrichment", IsVital: false, "Names and details are not requested from Qase");

    /// <summary>Expired events are purged.</summary>
    public static readonly HealthPart Retention = new("retention", IsVital: false, "Nothing is purged from the outbox");
}

/// <summary>A part that fails now.</summary>
/// <param name="Part">Its name.</param>
/// <param name="Detail">Why: the detail of its first failure.</param>
/// <param name="Since">When it began to fail.</param>
/// <param name="IsVital">True when the service is not ready because of it.</param>
public sealed record HealthProblem(string Part, string Detail, DateTimeOffset Since, bool IsVital);
