using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Requests from Qase's API what events did not contain, one request after the other, and stores the results. Results appear in messages
/// rendered afterwards; only what cannot be changed later waits for them, and not for long. Pending requests are in the
/// outbox; this class only knows when each account may be asked next.
/// </summary>
public sealed partial class Enricher(
    IEnrichmentStore store,
    IClaims claims,
    Func<QaseAccounts> current,
    Func<RouteTable> routes,
    OutboxSignals signals,
    EnrichmentProgress progress,
    NotifierMetrics metrics,
    ServiceHealth health,
    TimeProvider time,
    ILogger<Enricher> logger) : DutyService("enrich", claims, time)
{
    /// <summary>How long to wait for a response.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Between two rounds. It also limits the request rate: Qase allows ten per second for a whole workspace.</summary>
    private static readonly TimeSpan RoundInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often to look for due requests and for changed accounts.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private const int MaxQueues = 1000;

    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, AccountSession> _sessions = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<QaseStatus> _statuses = [];
    private TimeSpan? _countedAt;

    // -1: not known.
    private long _waiting;

    /// <summary>The state of each account after the last round.</summary>
    public IReadOnlyList<QaseStatus> Statuses => _statuses;

    private TimeSpan Now => Time.GetElapsedTime(_start);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveQase(
            () => Interlocked.Read(ref _waiting) is >= 0 and var waiting ? waiting : double.NaN,
            () => _statuses.Count(status => status.State == QaseAccountState.Stopped));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await signals.Requests.WaitAsync(await RoundAsync(stoppingToken), Time, stoppingToken);
            await Task.Delay(RoundInterval, Time, stoppingToken);
        }
    }

    protected override void OnReleasing()
    {
        health.Forget(HealthPart.Enrichment);
        Interlocked.Exchange(ref _waiting, -1);
        _statuses = [];
    }

    // Returns how long there will be nothing to do.
    private async Task<TimeSpan> RoundAsync(CancellationToken stop)
    {
        try
        {
            var accounts = current();
            UpdateSessions(accounts);
            var wait = await AskAllAsync(accounts, stop);
            await CountAsync(accounts, stop);
            health.Works(HealthPart.Enrichment);
            return wait;
        }
        catch (OutboxUnavailableException error)
        {
            // The result was not stored, so it will be requested again.
            health.Fails(HealthPart.Enrichment, error.Message);
            _countedAt = null;
            Interlocked.Exchange(ref _waiting, -1);
        }
        // The boundary of the loop: pending requests are still in the store.
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
        }
        finally
        {
            Report();
        }

        return PollInterval;
    }

    // A changed token makes a new key, so the account starts with a new state.
    private void UpdateSessions(QaseAccounts accounts)
    {
        var keys = accounts.All.Select(account => account.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _sessions.Keys.Where(key => !keys.Contains(key)).ToList()) _sessions.Remove(gone);
        foreach (var key in keys) _sessions.TryAdd(key, new AccountSession());
    }

    private async Task<TimeSpan> AskAllAsync(QaseAccounts accounts, CancellationToken stop)
    {
        if (!accounts.All.Any()) return PollInterval;
        var wait = PollInterval;
        var queues = await store.ReadEnrichmentQueuesAsync(MaxQueues, stop);
        if (queues.Count > 0 && Interlocked.Read(ref _waiting) <= 0) await CountNowAsync(stop);
        // The longest due first: several endpoints may share an account and its budget.
        foreach (var queue in queues.OrderBy(queue => queue.DueAt))
        {
            if (accounts.For(queue.Source) is not { } account || _sessions[account.Key] is not { State.IsStopped: false } session) continue;
            if (await AskNextAsync(queue, account, session, stop) is { } next && next < wait) wait = next;
        }

        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // Returns how long there will be nothing to do for this queue; null for nothing at all.
    private async Task<TimeSpan?> AskNextAsync(EnrichmentQueue queue, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        var at = Time.GetUtcNow();
        var until = queue.DueAt - at > EnrichmentSchedule.MaxDelay ? queue.DueAt : at;
        if (queue.DueAt > until) return queue.DueAt - at;
        if (session.State.NotBefore > Now) return session.State.NotBefore - Now;
        if (await store.ReadEnrichmentRequestsAsync(queue.Source, until, 1, stop) is not [var request]) return null;
        _countedAt = null;
        try
        {
            if (request.Defect is { } defect) await AskDefectAsync(request, defect, account, session, stop);
            else await AskNameAsync(request, account, session, stop);
        }
        // A bug with this request must not repeat without end, so it counts as a failed try.
        catch (Exception error) when (error is not OutboxUnavailableException && !stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
            await DeferAsync(request, new QaseResponse(QaseOutcome.Unexpected));
        }

        return session.State.IsStopped ? null : session.State.NotBefore - Now;
    }

    private async Task AskDefectAsync(
        EnrichmentRequest request, DefectKey defect, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        if (!IsCode(defect.ProjectCode))
        {
            await ApplyAsync(new EnrichmentResult(request, Time.GetUtcNow()));
            return;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"defect/{defect.ProjectCode}/{defect.Id}");
        var sentAt = Time.GetUtcNow();
        var response = await AskAsync(path, account, session, stop);
        if (!response.Outcome.IsConclusive())
        {
            await DeferAsync(request, response);
            return;
        }

        var details = response.Outcome == QaseOutcome.Ok ? DefectDetailsReader.Read(response.Result, sentAt) : null;
        await ApplyAsync(new EnrichmentResult(request, Time.GetUtcNow()) { Details = details, SentAt = sentAt, Routes = routes() });
    }

    private async Task AskNameAsync(EnrichmentRequest request, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        var step = session.Names.Next(request.TeamMemberId, Now);
        if (step.Path is { } path)
        {
            var response = await AskAsync(path, account, session, stop);
            if (!response.Outcome.IsConclusive())
            {
                await DeferAsync(request, response);
                return;
            }

            step = session.Names.Received(request.TeamMemberId, response, Now);
        }

        // The next request is sent in the next round, within the budget; this one is still due.
        if (step.Path is null) await ApplyAsync(new EnrichmentResult(request, Time.GetUtcNow()) { Name = step.Name, Routes = routes() });
    }

    // A rate limit or a rejected token is not a failure of this request, so it stays due.
    private async Task DeferAsync(EnrichmentRequest request, QaseResponse response)
    {
        if (response.Outcome is QaseOutcome.RateLimited or QaseOutcome.Refused) return;
        var at = Time.GetUtcNow();
        var nextAt = EnrichmentSchedule.NextAt(request.Tries, at, Random.Shared.NextDouble());
        await ApplyAsync(new EnrichmentResult(request, at) { NextAt = nextAt });
    }

    private async Task ApplyAsync(EnrichmentResult result)
    {
        await store.ApplyEnrichmentAsync(result);
        progress.Advance();
    }

    private async Task<QaseResponse> AskAsync(string path, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        session.State = session.State.Requested(Now, account.RequestsPerMinute);
        var response = QaseResponses.Classify(await GetAsync(path, account, stop));
        metrics.CountQaseRequest(response.Outcome.Word());
        var before = session.State.Health;
        session.State = session.State.Received(response, Now, Random.Shared.NextDouble());
        if (session.State.Health != before) LogHealth(account, response, session.State);
        return response;
    }

    private async Task<QaseHttpResponse> GetAsync(string path, QaseAccount account, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(ResponseTimeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            return await account.Api.GetAsync(path, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new QaseHttpResponse { Error = QaseResponses.TimeoutError };
        }
    }

    private async Task CountAsync(QaseAccounts accounts, CancellationToken stop)
    {
        if (!accounts.All.Any()) Interlocked.Exchange(ref _waiting, 0);
        // A request resets _countedAt. Events change the number too, so it is also counted at each poll.
        else if (_countedAt is not { } counted || Now - counted >= PollInterval) await CountNowAsync(stop);
    }

    private async Task CountNowAsync(CancellationToken stop)
    {
        _countedAt = Now;
        Interlocked.Exchange(ref _waiting, await store.CountEnrichmentRequestsAsync(stop));
    }

    private void Report()
    {
        var accounts = current();
        progress.Report(_sessions.Where(session => session.Value.State.Health == QaseOutcome.Ok).Select(session => session.Key));
        _statuses =
        [
            .. accounts.All.Where(account => _sessions.ContainsKey(account.Key))
                .OrderBy(account => account.Name, StringComparer.Ordinal)
                .Select(account => QaseStatus.Of(account, _sessions[account.Key].State)),
        ];
    }

    // Qase's codes have letters and digits. The code of a webhook is untrusted and must not change the path of the request.
    private static bool IsCode(string projectCode) =>
        projectCode.Length > 0 && projectCode.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private void LogHealth(QaseAccount account, QaseResponse response, AccountState state)
    {
        switch (state.Health)
        {
            case QaseOutcome.Ok:
                Log.Recovered(logger, account.Name);
                break;
            case QaseOutcome.Refused:
                Log.Refused(logger, account.Name, response.Detail);
                break;
            default:
                var seconds = Math.Ceiling((state.NotBefore - Now).TotalSeconds);
                Log.RequestFailed(logger, account.Name, response.Outcome.Word(), response.Detail, seconds);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(250, LogLevel.Error,
            "Qase's API rejects the token of {Account} ({Status}). No requests are sent until its token or ApiUrl is changed "
            + "or the service is restarted. Messages are sent without details from the API")]
        public static partial void Refused(ILogger logger, string account, string status);

        [LoggerMessage(251, LogLevel.Warning,
            "A request to Qase's API for {Account} failed: {Outcome} ({Detail}). The next try is in {Seconds} s. Messages are sent without "
            + "details from the API. The same failure is not logged again")]
        public static partial void RequestFailed(ILogger logger, string account, string outcome, string detail, double seconds);

        [LoggerMessage(252, LogLevel.Information, "Qase's API responds again for {Account}")]
        public static partial void Recovered(ILogger logger, string account);

        [LoggerMessage(255, LogLevel.Error, "Unexpected error while requesting data from Qase's API")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
