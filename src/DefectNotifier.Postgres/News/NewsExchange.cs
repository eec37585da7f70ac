using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Sql.Reading;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres.News;

/// <summary>
/// Notifies the other nodes of what this one has committed, and this one of what they have. Notifications are hints: each second it checks
/// whether anything is pending, more often when notifications do not arrive. They are sent after the commit and alone, because within a
/// transaction PostgreSQL would hold a lock of the whole server over the sync.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="listener">Receives notifications; null: only sends.</param>
/// <param name="local">Receives what this node and the others commit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class NewsExchange(
    PostgresDatabase database, NewsListener? listener, IOutboxNews local, TimeProvider time, ILogger logger) : IOutboxNews, IAsyncDisposable
{
    private static readonly TimeSpan CollectFor = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWithoutNotifications = TimeSpan.FromMilliseconds(250);

    /// <summary>Counting reads everything that is pending, so it is done less often.</summary>
    private const int CountEvery = 10;

    private readonly string _me = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly Signal _said = new();
    private readonly CancellationTokenSource _stop = new();
    private HashSet<string> _words = new(StringComparer.Ordinal);
    private Task _loops = Task.CompletedTask;

    /// <summary>What to do when another node has freed or taken a lane.</summary>
    public Action OnClaims { get; set; } = () => { };

    /// <summary>False while there is no other node; one that has just started checks by itself.</summary>
    public Func<bool> HasOthers { get; set; } = () => true;

    /// <summary>True when notifications were tried and do not arrive.</summary>
    public bool IsDeaf => listener?.IsDeaf ?? false;

    private bool IsListening => listener?.IsListening ?? false;

    public void Start()
    {
        List<Task> loops = [Task.Run(SendAsync)];
        if (listener is not null)
        {
            listener.Start(_me, Take);
            loops.Add(Task.Run(LookAsync));
        }

        _loops = Task.WhenAll(loops);
    }

    public void PendingChanged(string destination, int change)
    {
        local.PendingChanged(destination, change);
        if (change >= 0) Say(NewsWords.PendingOf(destination));
    }

    public void PendingFound(string destination, long? waiting) => local.PendingFound(destination, waiting);

    public void RequestAdded()
    {
        local.RequestAdded();
        Say(NewsWords.Requests);
    }

    public void DeferralsChanged()
    {
        local.DeferralsChanged();
        Say(NewsWords.Deferrals);
    }

    public void Resumed(string destination)
    {
        local.Resumed(destination);
        Say(NewsWords.ResumeOf(destination));
    }

    public void Changed()
    {
        local.Changed();
        Say(NewsWords.Changes);
    }

    public void ClaimsChanged() => Say(NewsWords.Claims);

    /// <summary>Sends the remaining notifications.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        if (listener is not null) await listener.DisposeAsync();
        TrySend(TakeWords());
        _stop.Dispose();
    }

    private void Say(string word)
    {
        if (!HasOthers()) return;
        lock (_lock) _words.Add(word);
        _said.Set();
    }

    private HashSet<string> TakeWords()
    {
        lock (_lock)
        {
            var words = _words;
            _words = new HashSet<string>(StringComparer.Ordinal);
            return words;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                await _said.WaitAsync(_stop.Token);
                await Task.Delay(CollectFor, time, _stop.Token);
                TrySend(TakeWords());
            }
        }
        catch (OperationCanceledException)
        {
            // The outbox is closed.
        }
    }

    private void TrySend(HashSet<string> words)
    {
        if (words.Count == 0) return;
        try
        {
            using var statements = database.NewStatements();
            foreach (var payload in NewsWords.Write(_me, words))
            {
                using var sent = statements.Query(NewsSql.Notify, database.Channel, payload);
            }
        }
        catch (Exception error)
        {
            // The other nodes check by themselves.
            if (!PostgresErrors.Instance.IsOfStore(error)) Log.Failed(logger, error);
        }
    }

    private void Take(string payload)
    {
        var (sender, words) = NewsWords.Read(payload);
        if (sender == _me) return;
        foreach (var word in words)
        {
            if (NewsWords.IsPending(word, out var destination)) local.PendingChanged(destination, 0);
            else if (NewsWords.IsResume(word, out destination)) local.Resumed(destination);
            else if (word == NewsWords.Requests) local.RequestAdded();
            else if (word == NewsWords.Deferrals) local.DeferralsChanged();
            else if (word == NewsWords.Changes) local.Changed();
            else if (word == NewsWords.Claims) OnClaims();
        }
    }

    private async Task LookAsync()
    {
        PostgresStatements? statements = null;
        for (var turn = 1; ; turn++)
        {
            try
            {
                await Task.Delay(IsListening ? Pause : PauseWithoutNotifications, time, _stop.Token);
                statements ??= database.NewStatements();
                Look(statements, isCounting: turn % CountEvery == 0);
            }
            catch (OperationCanceledException)
            {
                statements?.Dispose();
                return;
            }
            catch (Exception error)
            {
                statements?.Dispose();
                statements = null;
                if (!PostgresErrors.Instance.IsOfStore(error)) Log.Failed(logger, error);
            }
        }
    }

    private void Look(PostgresStatements statements, bool isCounting)
    {
        if (isCounting)
        {
            foreach (var backlog in new ReadSession(statements).ReadBacklog()) local.PendingFound(backlog.Destination, backlog.Waiting);
            local.RequestAdded();
            local.DeferralsChanged();
        }

        using (var row = statements.Query(NewsSql.Busy))
            while (row.Read()) local.PendingFound(row.GetString(0), waiting: null);
        if (!IsListening) local.Changed();
    }

    private static partial class Log
    {
        [LoggerMessage(234, LogLevel.Error, "Unexpected error while exchanging news with the other nodes")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
