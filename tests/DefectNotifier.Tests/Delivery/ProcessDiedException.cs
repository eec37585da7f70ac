namespace DefectNotifier.Tests.Delivery;

/// <summary>Thrown in place of a kill: nothing after it is done.</summary>
public sealed class ProcessDiedException : Exception
{
    public ProcessDiedException()
    {
    }

    public ProcessDiedException(string message)
        : base(message)
    {
    }

    public ProcessDiedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
