namespace DefectNotifier.Delivery;

/// <summary>How hard the lanes try.</summary>
public sealed record DeliveryOptions
{
    /// <summary>A delivery that still fails so long after its first try becomes a dead letter with reason <c>expired</c>; default 24 hours; a route may
    /// say otherwise. A destination that can't be reached at all is waited for as long as it takes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The wait after the first failure; doubled after each further one. Default 1 second.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries, before jitter; default 1 minute.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The longest wait before a message that may have been posted is sent again, before jitter; default 10 minutes. Longer than
    /// <see cref="MaxBackoff"/>, because a destination that posts and answers badly shows each try to its readers.
    /// </summary>
    public TimeSpan MaxResendDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after a lost answer the chat is asked whether the message was posted, where it can be asked; default 5 seconds.
    /// </summary>
    public TimeSpan ConfirmAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the circuit of a destination stays open after five failures in a row; no request is made meanwhile. Default 30 seconds. A destination
    /// that can't be reached at all does not open it.
    /// </summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The destination that is told when another one is parked or runs again; null: none.</summary>
    public string? AlertTo { get; init; }

    /// <summary>How often a parked destination is tried again; default 15 minutes.</summary>
    public TimeSpan ParkedProbe { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// At shutdown, how long what is being answered and sent may take to finish; default 8 seconds, because container platforms kill after 10.
    /// </summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(8);
}
