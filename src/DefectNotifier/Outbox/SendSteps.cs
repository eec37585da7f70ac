namespace DefectNotifier.Outbox;

/// <summary>The words for <see cref="SendStep"/>.</summary>
public static class SendSteps
{
    public const string Update = "update";

    /// <summary>Null for the event's own message, which is the usual case and goes without saying.</summary>
    public static string? Word(this SendStep step) => step switch
    {
        SendStep.Message => null,
        SendStep.Root => "root",
        SendStep.Update => Update,
        SendStep.Reply => "reply",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, message: null),
    };
}
