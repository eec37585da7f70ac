namespace DefectNotifier.Outbox.Contract;

/// <summary>What an attempt sends. The words are stored (<see cref="SendSteps"/>): never change one.</summary>
public enum SendStep
{
    /// <summary>The event's own message.</summary>
    Message = 0,

    /// <summary>A new message for the event's defect: the first one, or the replacement of a deleted one.</summary>
    RootMessage = 1,

    /// <summary>An update of that message. Sending it twice does no harm.</summary>
    Update = 2,

    /// <summary>The event's own message, as a reply in the thread of the root message.</summary>
    Reply = 3,
}

/// <summary>The words for <see cref="SendStep"/>.</summary>
public static class SendSteps
{
    /// <summary>Null for the event's own message.</summary>
    public static string? Word(this SendStep step) => step switch
    {
        SendStep.Message => null,
        SendStep.RootMessage => "root",
        SendStep.Update => "update",
        SendStep.Reply => "reply",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, message: null),
    };

    /// <summary>
    /// The step of a word. A step of a later version is read as the event's own message, because a message may have been posted and must
    /// not be repeated without a check.
    /// </summary>
    public static SendStep Parse(string? word) => word switch
    {
        "root" => SendStep.RootMessage,
        "update" => SendStep.Update,
        "reply" => SendStep.Reply,
        _ => SendStep.Message,
    };
}
