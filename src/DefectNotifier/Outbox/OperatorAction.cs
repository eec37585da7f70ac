namespace DefectNotifier.Outbox;

/// <summary>What an operator can ask for, as the history says it. The words are stored: never change one.</summary>
public static class OperatorAction
{
    /// <summary>To be rendered anew and sent.</summary>
    public const string Retry = "retry";

    /// <summary>To be sent as it was kept.</summary>
    public const string RetryAsRendered = "retry-as-rendered";

    /// <summary>Not to be sent.</summary>
    public const string Discard = "discard";
}
