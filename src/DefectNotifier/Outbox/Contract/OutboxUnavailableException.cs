namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The store can't be used now (disk full, input/output error). Nothing was changed; try again later. The message contains no path.
/// </summary>
public sealed class OutboxUnavailableException : Exception
{
    public OutboxUnavailableException()
    {
    }

    public OutboxUnavailableException(string message)
        : base(message)
    {
    }

    public OutboxUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
