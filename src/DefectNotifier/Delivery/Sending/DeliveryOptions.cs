namespace DefectNotifier.Delivery.Sending;

/// <summary>Retries, time limits and alerts of all lanes.</summary>
public sealed record DeliveryOptions
{
    /// <summary>
    /// A delivery that still fails this long after its first attempt becomes a dead letter with reason <c>expired</c>; default 24 hours; a
    /// route can override it. Time in which the destination can't be reached at all does not count.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The wait after the first failure; doubled after each further one. Default 1 second.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum wait between two attempts, before jitter; default 1 minute.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The maximum wait before a message that may have been posted is sent again, before jitter; default 10 minutes. Longer than
    /// <see cref="MaxBackoff"/>, because a destination that posts but responds with an error shows every attempt to its readers.
    /// </summary>
    public TimeSpan MaxResendDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after a lost response the chat is asked whether the message was posted, where that is possible; default 5 seconds.
    /// </summary>
    public TimeSpan ConfirmAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the circuit of a destination stays open after five consecutive failures; no request is made meanwhile. Default 30 seconds.
    /// A destination that can't be reached at all does not open it.
    /// </summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The destination that is notified when another one is parked or runs again; null: none.</summary>
    public string? AlertTo { get; init; }

    /// <summary>How often a parked destination is tried again; default 15 minutes.</summary>
    public TimeSpan ParkedProbe { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long requests and sends in progress may take to finish at shutdown; default 8 seconds, because container platforms kill the
    /// process after 10.
    /// </summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(8);
}
