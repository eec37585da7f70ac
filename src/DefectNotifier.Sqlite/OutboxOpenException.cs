namespace DefectNotifier.Sqlite;

/// <summary>The outbox can't be opened. The message names the file and says what is wrong with it; starting again without a change does not help.</summary>
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
