using System.Text.Json.Serialization;

namespace DefectNotifier.Enrichment;

/// <summary>The Qase account of each endpoint. Immutable; a reload replaces it.</summary>
/// <param name="Default">For endpoints without an account of their own; null: those are not enriched.</param>
/// <param name="BySource">The accounts of single endpoints.</param>
public sealed record QaseAccounts(QaseAccount? Default, IReadOnlyDictionary<string, QaseAccount> BySource)
{
    public static QaseAccounts None { get; } = new(null, new Dictionary<string, QaseAccount>(StringComparer.OrdinalIgnoreCase));

    public IEnumerable<QaseAccount> All => Default is null ? BySource.Values : BySource.Values.Append(Default);

    /// <summary>Null when the endpoint has no account.</summary>
    public QaseAccount? For(string source) => BySource.TryGetValue(source, out var own) ? own : Default;
}

/// <summary>Access to the API of one Qase workspace.</summary>
/// <param name="Name">Its setting: <c>Qase</c>, <c>Qase:Workspaces:mobile</c>. For logs and reports.</param>
/// <param name="Key">
/// A digest of address and token, which reveals neither. What is known about an account is valid while its key stays the same.
/// </param>
/// <param name="RequestsPerMinute">The request budget.</param>
/// <param name="Api">The API with this account's token.</param>
public sealed record QaseAccount(string Name, string Key, int RequestsPerMinute, IQaseApi Api);

/// <summary>The state of an account, as readiness reports it.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="State">Whether requests are sent to it.</param>
/// <param name="Reason">The latest failure; null when there is none.</param>
public sealed record QaseStatus(string Account, QaseAccountState State, QaseOutcome? Reason)
{
    internal static QaseStatus Of(QaseAccount account, AccountState state) => new(
        account.Name,
        state.IsStopped ? QaseAccountState.Stopped : state.Health == QaseOutcome.Ok ? QaseAccountState.Asking : QaseAccountState.Waiting,
        state.Health == QaseOutcome.Ok ? null : state.Health);
}

[JsonConverter(typeof(JsonStringEnumConverter<QaseAccountState>))]
public enum QaseAccountState
{
    [JsonStringEnumMemberName("asking")]
    Asking,

    /// <summary>It is rate limited or fails; requests are sent again later.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>Qase rejects the token; no more requests are sent.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
