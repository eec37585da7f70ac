namespace DefectNotifier.Sql.Database;

/// <summary>What the errors of a store mean.</summary>
internal abstract class SqlErrors
{
    public const string Damaged = "database damaged (see 'outbox check')";

    /// <summary>The error in words, without any path, address or secret.</summary>
    public abstract string Describe(Exception error);

    /// <summary>True for an error of the store; false for a bug.</summary>
    public abstract bool IsOfStore(Exception error);

    /// <summary>True when the connection can still be used after its transaction was rolled back.</summary>
    public abstract bool LeavesConnectionUsable(Exception error);

    /// <summary>True when what is stored is damaged.</summary>
    public virtual bool IsDamage(Exception error) => false;

    /// <summary>True when the connection has ended and another one may work.</summary>
    public virtual bool IsConnectionLost(Exception error) => false;

    /// <summary>True when a commit that failed with it may have succeeded; another connection can read whether it did.</summary>
    public virtual bool IsInDoubt(Exception error) => false;
}
