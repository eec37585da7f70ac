namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The logins of browsers to the console. Where several nodes share a store, it keeps them for all nodes, so that each node serves each
/// browser. Every implementation passes the same contract suite. Members throw <see cref="OutboxUnavailableException"/> when the store
/// can't be used now.
/// </summary>
public interface ISessionStore
{
    /// <summary>The maximum number of sessions; beyond it, the one that was unused for the longest time ends.</summary>
    const int Max = 256;

    /// <summary>The maximum for one operator, so that its logins do not end the sessions of others.</summary>
    const int MaxPerOperator = 64;

    /// <summary>A session ends when it was not used for this time; a shared store may end it a minute earlier.</summary>
    static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(12);

    /// <summary>Starts a session. At the maximum it ends another one.</summary>
    Task AddAsync(Session session);

    /// <summary>The fingerprint of the secret that the session was started with; null: there is no such session.</summary>
    /// <param name="tokenHash">See <see cref="Session.TokenHash"/>.</param>
    /// <param name="isUse">True: the session is used now. False: only check whether it still exists.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<string?> FindAsync(string tokenHash, bool isUse, CancellationToken cancellationToken);

    /// <summary>Ends a session, if there is one. Another node may accept it for a few more seconds.</summary>
    Task RemoveAsync(string tokenHash);
}

/// <summary>A login of a browser.</summary>
/// <param name="TokenHash">The hash of what the browser sends: the stored value cannot be used to log in.</param>
/// <param name="Fingerprint">Identifies the secret to those who know both the secret and what the browser sends.</param>
/// <param name="Operator">The operator's name; null: an operator without a name.</param>
public sealed record Session(string TokenHash, string Fingerprint, string? Operator);
