using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Sql.Writing;

/// <summary>
/// A write that a caller waits for. It runs inside a transaction, perhaps again in another one, and is completed only after the
/// commit.
/// </summary>
internal abstract class WriteOperation
{
    /// <summary>Runs before it, in a transaction of its own that is rolled back; null: nothing does.</summary>
    public Action<IOutboxTransaction>? Rehearse { get; init; }

    /// <summary>True when it must fail if the store is not the one that was opened any more.</summary>
    public bool IsAppend { get; init; }

    /// <summary>Without this claim it must fail; null: it needs none.</summary>
    public Claim? Claim { get; init; }

    /// <summary>True when its claim was lost: it changes nothing.</summary>
    public bool IsRefused { get; set; }

    /// <summary>The event that it appends, so that a store can read ahead what this needs; null: it appends none.</summary>
    public NewEvent? Event { get; init; }

    /// <summary>The deliveries that it starts or ends, so that a store can read them ahead.</summary>
    public IReadOnlyList<long> DeliveryIds { get; init; } = [];

    public abstract void Execute(IOutboxTransaction transaction);

    /// <summary>Its transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Its transaction was rolled back, or it is unknown whether it was.</summary>
    public abstract void Fail(string detail, Exception? error);
}

/// <param name="write">Applies the rules; what it returns is the result.</param>
internal sealed class WriteOperation<T>(Func<IOutboxTransaction, T> write) : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override void Execute(IOutboxTransaction transaction)
    {
        if (!IsRefused) _result = write(transaction);
    }

    public override void Complete()
    {
        if (IsRefused) _completion.TrySetException(new ClaimLostException(Claim!.Name));
        else _completion.TrySetResult(_result!);
    }

    public override void Fail(string detail, Exception? error) => _completion.TrySetException(
        error is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, error));
}
