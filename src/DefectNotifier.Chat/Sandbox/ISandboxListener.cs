namespace DefectNotifier.Chat.Sandbox;

/// <summary>Hears of each message that a sandbox takes, for example to print it.</summary>
public interface ISandboxListener
{
    /// <summary>
    /// Called after the message is in the inbox, on the lane that sent it, by several lanes at once. Must be quick and must not throw.
    /// </summary>
    void OnMessage(SandboxMessage message);
}
