namespace DefectNotifier.Enrichment;

/// <summary>Who is asked for which endpoint's defects. Immutable; a reload exchanges it with everything else.</summary>
/// <param name="Standard">For every endpoint without an account of its own; null: those are not asked for.</param>
/// <param name="BySource">The accounts of single endpoints.</param>
public sealed record QaseAccounts(QaseAccount? Standard, IReadOnlyDictionary<string, QaseAccount> BySource)
{
    public static QaseAccounts None { get; } = new(null, new Dictionary<string, QaseAccount>(StringComparer.OrdinalIgnoreCase));

    public IEnumerable<QaseAccount> All => Standard is null ? BySource.Values : BySource.Values.Append(Standard);

    /// <summary>Null: nothing can be asked.</summary>
    public QaseAccount? For(string source) => BySource.TryGetValue(source, out var own) ? own : Standard;
}
