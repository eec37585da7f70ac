namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The outbox can't be opened. The message names the file and says what is wrong with it; starting again without a change does not help.
/// </summary>
public sealed class OutboxOpenException : Exception
{
    public OutboxOpenException()
    {
    }

    public OutboxOpenException(string message)
        : base(message)
    {
    }

    public OutboxOpenException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Another process uses the same outbox. The message names the file and says what to do.</summary>
public sealed class OutboxInUseException : Exception
{
    public OutboxInUseException()
    {
    }

    public OutboxInUseException(string message)
        : base(message)
    {
    }

    public OutboxInUseException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
