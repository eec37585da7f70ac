namespace DefectNotifier.Sqlite;

/// <summary>One thing that somebody waits for. It is executed inside a transaction, perhaps again in another one, and hears the end only after that.</summary>
internal abstract class WriteOperation
{
    /// <summary>True for what the disk's reserve is kept for: it adds nothing to what is owed.</summary>
    public virtual bool MaySpendReserve => true;

    /// <summary>True for what may be held back for a moment, so that another one shares its transaction.</summary>
    public virtual bool MayWait => false;

    /// <summary>Writes. What it finds out is kept for <see cref="Complete"/>: nobody may be told before the commit.</summary>
    public abstract void Execute(WriteSession session);

    /// <summary>Its transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Its transaction was undone, or nobody knows whether it was.</summary>
    public abstract void Fail(string detail, Exception? error);
}
