using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Asks Qase's API for what events did not tell, one question after the other, and has the memory learn it. Nobody waits for it: what it learned is in the messages that
/// are made afterwards. What is wanted stands in the outbox; this only knows how each account may be asked just now.
/// </summary>
public sealed partial class Enricher(
    IEnrichmentStore memory, Func<QaseAccounts> current, EnrichmentSignal signal, LaneSignals lanes, NotifierMetrics metrics, TimeProvider time, ILogger<Enricher> logger) : BackgroundService
{
    /// <summary>A answer takes no longer, or it is none.</summary>
    public static readonly TimeSpan ResponseLimit = TimeSpan.FromSeconds(15);

    /// <summary>Between two rounds. Also bounds the questions: Qase allows a whole workspace ten a second.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is looked for what has become due, and for accounts that changed.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private const int MaxQueues = 1000;

    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, AccountSession> _sessions = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<QaseStatus> _statuses = [];
    private bool _isStoreSilent;
    private TimeSpan? _countedAt;
    private long _waiting;

    /// <summary>How it stands with each account, as of the last round.</summary>
    public IReadOnlyList<QaseStatus> Statuses => _statuses;

    private TimeSpan Now => time.GetElapsedTime(_start);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveQase(() => Interlocked.Read(ref _waiting), () => _statuses.Count(status => status.State == "stopped"));
        while (true)
        {
            await signal.WaitAsync(await RoundAsync(stoppingToken), time, stoppingToken);
            await Task.Delay(Breath, time, stoppingToken);
        }
    }

    // Answers how long there will be nothing to do.
    private async Task<TimeSpan> RoundAsync(CancellationToken stop)
    {
        try
        {
            var accounts = current();
            Forget(accounts);
            var wait = await AskAllAsync(accounts, stop);
            await CountAsync(accounts, stop);
            if (_isStoreSilent) Log.StoreIsBack(logger);
            _isStoreSilent = false;
            return wait;
        }
        catch (OutboxUnavailableException error)
        {
            // What was heard is lost, and asked for again.
            if (!_isStoreSilent) Log.StoreIsSilent(logger, error.Message);
            _isStoreSilent = true;
        }
        // The edge of the loop: what was wanted still is.
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
        }
        finally
        {
            Report();
        }

        return Poll;
    }

    // What was learned of an account goes with it: one whose token was changed begins afresh.
    private void Forget(QaseAccounts accounts)
    {
        var keys = accounts.All.Select(account => account.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _sessions.Keys.Where(key => !keys.Contains(key)).ToList()) _sessions.Remove(gone);
        foreach (var key in keys) _sessions.TryAdd(key, new AccountSession());
    }

    private async Task<TimeSpan> AskAllAsync(QaseAccounts accounts, CancellationToken stop)
    {
        if (!accounts.All.Any()) return Poll;
        var wait = Poll;
        var queues = await memory.ReadEnrichmentQueuesAsync(MaxQueues, stop);
        if (queues.Count > 0 && Interlocked.Read(ref _waiting) == 0) await CountNowAsync(stop);
        // The longest due first: several endpoints may share an account, and with it its budget.
        foreach (var queue in queues.OrderBy(queue => queue.DueAt))
        {
            if (accounts.For(queue.Source) is not { } account || _sessions[account.Key] is not { State.IsStopped: false } session) continue;
            if (await AskNextAsync(queue, account, session, stop) is { } next && next < wait) wait = next;
        }

        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // Answers when there will be something to do for this queue.
    private async Task<TimeSpan?> AskNextAsync(EnrichmentQueue queue, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        var at = time.GetUtcNow();
        var until = queue.DueAt - at > EnrichmentSchedule.Furthest ? queue.DueAt : at;
        if (queue.DueAt > until) return queue.DueAt - at;
        if (session.State.NotBefore > Now) return session.State.NotBefore - Now;
        if (await memory.ReadEnrichmentRequestsAsync(queue.Source, until, 1, stop) is not [var request]) return null;
        _countedAt = null;
        try
        {
            if (request.Defect is { } defect) await AskDefectAsync(request, defect, account, session, stop);
            else await AskNameAsync(request, account, session, stop);
        }
        // An error of ours with this one must not be met again and again.
        catch (Exception error) when (error is not OutboxUnavailableException && !stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
            await DeferAsync(request, new QaseResponse(QaseOutcome.Unexpected));
        }

        return session.State.IsStopped ? null : session.State.NotBefore - Now;
    }

    private async Task AskDefectAsync(EnrichmentRequest request, DefectKey defect, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        if (!IsCode(defect.ProjectCode))
        {
            await ApplyEnrichmentAsync(new EnrichmentResult(request, time.GetUtcNow()));
            return;
        }

        var response = await AskAsync(string.Create(CultureInfo.InvariantCulture, $"defect/{defect.ProjectCode}/{defect.Id}"), account, session, stop);
        if (!response.Outcome.IsConclusive())
        {
            await DeferAsync(request, response);
            return;
        }

        var at = time.GetUtcNow();
        await ApplyEnrichmentAsync(new EnrichmentResult(request, at) { Details = response.Outcome == QaseOutcome.Ok ? DefectDetailsReader.Read(response.Result, at) : null });
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

            step = session.Names.Heard(request.TeamMemberId, response, Now);
        }

        // The next question is the next round's, within the budget; the wish is still due.
        if (step.Path is null) await ApplyEnrichmentAsync(new EnrichmentResult(request, time.GetUtcNow()) { Name = step.Name });
    }

    // Where it is not the question's error that there was no answer, it keeps its place.
    private async Task DeferAsync(EnrichmentRequest request, QaseResponse response)
    {
        if (response.Outcome is QaseOutcome.RateLimited or QaseOutcome.Refused) return;
        var at = time.GetUtcNow();
        await ApplyEnrichmentAsync(new EnrichmentResult(request, at) { NextAt = EnrichmentSchedule.NextAt(request.Tries, at, Random.Shared.NextDouble()) });
    }

    private async Task ApplyEnrichmentAsync(EnrichmentResult end)
    {
        foreach (var destination in (await memory.ApplyEnrichmentAsync(end)).Owing) lanes.For(destination).Add(1);
    }

    private async Task<QaseResponse> AskAsync(string path, QaseAccount account, AccountSession session, CancellationToken stop)
    {
        session.State = session.State.Asked(Now, account.RequestsPerMinute);
        var response = QaseResponses.Classify(await GetAsync(path, account, stop));
        metrics.CountQaseRequest(response.Outcome.Word());
        var before = session.State.Health;
        session.State = session.State.Heard(response, Now, Random.Shared.NextDouble());
        if (session.State.Health != before) Tell(account, response, session.State);
        return response;
    }

    private async Task<QaseReply> GetAsync(string path, QaseAccount account, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(ResponseLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await account.Api.GetAsync(path, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new QaseReply { Error = QaseResponses.TimeIsUp };
        }
    }

    private async Task CountAsync(QaseAccounts accounts, CancellationToken stop)
    {
        if (!accounts.All.Any()) Interlocked.Exchange(ref _waiting, 0);
        // Each question changes it; else it changes with the events, and is counted now and then.
        else if (_countedAt is not { } counted || Now - counted >= Poll) await CountNowAsync(stop);
    }

    private async Task CountNowAsync(CancellationToken stop)
    {
        _countedAt = Now;
        Interlocked.Exchange(ref _waiting, await memory.CountEnrichmentRequestsAsync(stop));
    }

    private void Report()
    {
        var accounts = current();
        _statuses = [.. accounts.All.Where(account => _sessions.ContainsKey(account.Key)).OrderBy(account => account.Name, StringComparer.Ordinal)
            .Select(account => QaseStatus.Of(account, _sessions[account.Key].State))];
    }

    // Qase's have letters and digits. What an old envelope or a stranger put in its place must not lead to another address.
    private static bool IsCode(string projectCode) => projectCode.Length > 0 && projectCode.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private void Tell(QaseAccount account, QaseResponse response, AskState state)
    {
        switch (state.Health)
        {
            case QaseOutcome.Ok: Log.AnswersAgain(logger, account.Name); break;
            case QaseOutcome.Refused: Log.Refused(logger, account.Name, response.Detail); break;
            default: Log.DoesNotAnswer(logger, account.Name, response.Outcome.Word(), response.Detail, Math.Ceiling((state.NotBefore - Now).TotalSeconds)); break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(250, LogLevel.Error, "Qase's API refuses the token of {Account} ({Status}). It is not asked any more until that token or its ApiUrl is changed, or the service starts anew; messages go out without what it would tell")]
        public static partial void Refused(ILogger logger, string account, string status);

        [LoggerMessage(251, LogLevel.Warning, "Qase's API does not tell {Account} what is asked: {Outcome} ({Detail}). It is asked again in {Seconds} s, and messages go out without it; this is said once until something else is the matter")]
        public static partial void DoesNotAnswer(ILogger logger, string account, string outcome, string detail, double seconds);

        [LoggerMessage(252, LogLevel.Information, "Qase's API responses {Account} again")]
        public static partial void AnswersAgain(ILogger logger, string account);

        [LoggerMessage(253, LogLevel.Warning, "What Qase told, or is to be asked, can't be read or written now: {Detail}. This is said once until it can")]
        public static partial void StoreIsSilent(ILogger logger, string detail);

        [LoggerMessage(254, LogLevel.Information, "What Qase tells can be written again")]
        public static partial void StoreIsBack(ILogger logger);

        [LoggerMessage(255, LogLevel.Error, "Qase could not be asked because of an error that is not known")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
