namespace DefectNotifier.Sqlite;

/// <summary>Another process works on the same outbox. The message names the file and says what to do.</summary>
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
