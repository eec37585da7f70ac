namespace DefectNotifier.Tests.Delivery;

public enum ScenarioStepKind
{
    /// <summary>A webhook.</summary>
    Event,

    /// <summary>The lane works for a few steps.</summary>
    Work,

    /// <summary>Slack executes the method, and its response is lost.</summary>
    LostResponse,

    /// <summary>Slack does nothing and responds with an error.</summary>
    Refusal,

    /// <summary>The process crashes at one of the next writes.</summary>
    Death,

    /// <summary>A defect's message is deleted.</summary>
    Deletion,

    /// <summary>Toggles whether messages can be edited.</summary>
    ClosedWindow,

    /// <summary>Toggles whether the channel has threads.</summary>
    NoThreads,

    /// <summary>A number of seconds passes.</summary>
    Time,

    /// <summary>An operator silences a defect for a while.</summary>
    Silence,

    /// <summary>The settings change: another channel, another type of destination, digests on or off.</summary>
    Reload,

    /// <summary>An operator ends a silence.</summary>
    Expiry,
}
