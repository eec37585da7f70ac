using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Tests.Outbox;

/// <summary>Sessions of a store that a test can make fail.</summary>
internal sealed class ScriptedSessions(TimeProvider time) : ISessionStore
{
    private readonly SoleSessions _inner = new(time);

    /// <summary>While set, every call fails with it.</summary>
    public Exception? Error { get; set; }

    public Task AddAsync(Session session) => Error is { } error ? Task.FromException(error) : _inner.AddAsync(session);

    public Task<string?> FindAsync(string tokenHash, bool isUse, CancellationToken cancellationToken) =>
        Error is { } error ? Task.FromException<string?>(error) : _inner.FindAsync(tokenHash, isUse, cancellationToken);

    public Task RemoveAsync(string tokenHash) => Error is { } error ? Task.FromException(error) : _inner.RemoveAsync(tokenHash);
}
