namespace DefectNotifier.Delivery;

/// <summary>What became of one send.</summary>
public enum SendOutcome
{
    /// <summary>The destination took it.</summary>
    Delivered,

    /// <summary>Nothing was posted; try again at a stated time. No attempt is counted.</summary>
    Wait,

    /// <summary>Nothing was posted, or it does not matter: back off and try again.</summary>
    Retry,

    /// <summary>Nothing was posted, and can't be in the way that was tried: the delivery goes on in another one, at once.</summary>
    NotSupported,

    /// <summary>It may have been posted.</summary>
    Ambiguous,

    /// <summary>It may have been posted, and a person must look: kept out of the queue; the lane goes on.</summary>
    Held,

    /// <summary>This message can never be sent: dead letter; the lane goes on.</summary>
    Rejected,

    /// <summary>The destination is misconfigured: the lane stops, its deliveries stay pending.</summary>
    Parked,
}
