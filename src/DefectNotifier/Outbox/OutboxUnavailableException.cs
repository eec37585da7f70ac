namespace DefectNotifier.Outbox;

/// <summary>
/// The store could not do it now (disk full, input/output error). Nothing was changed; trying again later is right.
/// The message holds no path.
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
