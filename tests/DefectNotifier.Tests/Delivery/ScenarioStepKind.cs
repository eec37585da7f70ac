namespace DefectNotifier.Tests.Delivery;

public enum ScenarioStepKind
{
    /// <summary>A webhook.</summary>
    Event,

    /// <summary>The lane goes on for a few steps.</summary>
    Work,

    /// <summary>Slack does what the method asks for, and its answer is lost.</summary>
    LostResponse,

    /// <summary>Slack does nothing, and says so.</summary>
    Refusal,

    /// <summary>The process dies at one of the next writes.</summary>
    Death,

    /// <summary>Somebody deletes a defect's message.</summary>
    Deletion,

    /// <summary>Messages can't be edited any more, or can again.</summary>
    ClosedWindow,

    /// <summary>There are no threads any more, or there are again.</summary>
    NoThreads,
}
