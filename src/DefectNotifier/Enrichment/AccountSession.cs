namespace DefectNotifier.Enrichment;

/// <summary>What this process has learned of an account. Only the loop of <see cref="Enricher"/> touches it.</summary>
internal sealed class AccountSession
{
    public AskState State { get; set; } = new();

    public NameSearch Names { get; } = new();
}
