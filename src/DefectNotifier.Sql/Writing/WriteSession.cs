using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Sql.Writing;

/// <summary>The one connection that writes. Only the writer's thread uses it.</summary>
internal abstract class WriteSession : IDisposable
{
    /// <summary>The rows, while a transaction is open.</summary>
    public abstract IOutboxTransaction Rows { get; }

    /// <summary>Begins a transaction for these operations. Operations whose claim was lost are marked as refused.</summary>
    public abstract void Begin(IReadOnlyList<WriteOperation> batch);

    public abstract void Commit();

    /// <summary>Rolls an open transaction back, if there is one.</summary>
    public abstract void Rollback();

    /// <summary>What is done after the last commit, before the connection is closed.</summary>
    public virtual void End()
    {
    }

    public abstract void Dispose();
}
